import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** Command that the kubelet runs in a container before it stops. */
export interface PreStopArgs {
  /** Command and its arguments. */
  command: string[];
  /** Most seconds that the command takes. The grace period covers them. */
  seconds: number;
}

/** What a container does when it stops. */
export interface Stopping {
  preStop?: PreStopArgs;
  preStopSleepSeconds?: number;
}

/** Seconds between the request to stop and the signal to the process. */
export function preStopSeconds({ preStop, preStopSleepSeconds = 0 }: Stopping): number {
  return preStop?.seconds ?? preStopSleepSeconds;
}

/** Checks the commands and seconds of a container's hooks. */
export function checkLifecycle(subject: string, stopping: Stopping, postStart: string[] | undefined): Problem[] {
  const { preStop, preStopSleepSeconds } = stopping;
  return [
    ...(preStop
      ? checkCount(`${subject}.preStop.seconds`, "not a number of seconds", preStop.seconds, { least: 1 })
      : []),
    ...Object.entries({ "preStop.command": preStop?.command, postStart })
      .filter(([, command]) => command?.length === 0)
      .map(([hook]) => ({
        subject: `${subject}.${hook}`,
        message: "the hook has no command",
        expected: "a command and its arguments",
      })),
    ...(preStop && preStopSleepSeconds
      ? [
          {
            subject: `${subject}.preStop`,
            message: "a container has one hook before it stops",
            value: `preStop, and preStopSleepSeconds ${preStopSleepSeconds}`,
            expected: "one of the two",
            fix: "let the command sleep",
          },
        ]
      : []),
  ];
}

/** Hooks of a container, if it has any. */
export function lifecycle(stopping: Stopping, postStart: string[] | undefined): k8s.core.v1.Lifecycle | undefined {
  const { preStop, preStopSleepSeconds = 0 } = stopping;
  const before = preStop
    ? { exec: { command: preStop.command } }
    : preStopSleepSeconds > 0
      ? { sleep: { seconds: preStopSleepSeconds } }
      : undefined;
  if (!before && !postStart) return undefined;
  return { ...(postStart && { postStart: { exec: { command: postStart } } }), ...(before && { preStop: before }) };
}
