import { checkCount, type Problem } from "@gatehouse/core";

/** Decides when an instance has started. */
export interface StartupProbeArgs {
  /**
   * Path that answers 200 once the program can serve.
   * @default none: a TCP connection to the port
   */
  path?: string;
  /**
   * Seconds between two attempts.
   * @default 10
   */
  periodSeconds?: number;
  /**
   * Timeout of an attempt in seconds.
   * @default 5
   */
  timeoutSeconds?: number;
  /**
   * Number of attempts that may fail. The first connection through a new instance's VPC access can take a minute.
   * @default 12: two minutes
   */
  failureThreshold?: number;
}

/** https://cloud.google.com/run/docs/configuring/healthchecks */
const longestStart = 240;

/** Checks a startup probe against Cloud Run's limits. */
export function checkStartupProbe(subject: string, probe: StartupProbeArgs): Problem[] {
  const { path, periodSeconds = 10, timeoutSeconds = 5, failureThreshold = 12 } = probe;
  const counts = [
    ...checkCount(`${subject}.periodSeconds`, "not a number of seconds", periodSeconds, {
      least: 1,
      most: longestStart,
    }),
    ...checkCount(`${subject}.timeoutSeconds`, "not a number of seconds", timeoutSeconds, {
      least: 1,
      most: longestStart,
    }),
    ...checkCount(`${subject}.failureThreshold`, "not a number of attempts", failureThreshold, { least: 1 }),
    ...(path !== undefined && !path.startsWith("/")
      ? [{ subject: `${subject}.path`, message: "not a path", value: path, expected: "a path that begins with /" }]
      : []),
  ];
  if (counts.length > 0) return counts;
  if (timeoutSeconds > periodSeconds)
    return [
      {
        subject: `${subject}.timeoutSeconds`,
        message: "timeoutSeconds is greater than periodSeconds",
        value: `timeoutSeconds ${timeoutSeconds}, periodSeconds ${periodSeconds}`,
        expected: `at most ${periodSeconds}`,
      },
    ];
  const whole = periodSeconds * failureThreshold;
  if (whole <= longestStart) return [];
  return [
    {
      subject: `${subject}.failureThreshold`,
      message: "Cloud Run does not wait this long for an instance to start",
      value: `${failureThreshold} attempts x ${periodSeconds} s = ${whole} s`,
      expected: `at most ${longestStart} s`,
    },
  ];
}
