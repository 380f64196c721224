import {
  checkCount,
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  type Problem,
  refuseSecret,
  throwIfAny,
} from "@gatehouse/core";
import * as monitoring from "@pulumi/gcp/monitoring/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { Ingress } from "../run/cloudRunService.ts";

export interface UptimeCheckArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** Host that is checked: `identity.example.com`. */
  host: pulumi.Input<string>;
  /** Path that answers 2xx if the service is healthy. */
  path: string;
  /**
   * Display name.
   * @default the component's name
   */
  displayName?: string;
  /**
   * Seconds between two checks: 60, 300, 600 or 900.
   * @default 60
   */
  periodSeconds?: number;
  /**
   * Timeout of a check in seconds, 1 to 60.
   * @default 10
   */
  timeoutSeconds?: number;
  /**
   * The `ingress` of the service. Checkers come from the internet.
   * @default Ingress.All
   */
  ingress?: Ingress;
  /**
   * Notification channels of the alert.
   * @default none
   */
  notificationChannels?: pulumi.Input<string>[];
  /**
   * Address of the runbook.
   * @default none
   */
  runbookUrl?: string;
}

/**
 * An uptime check from several regions, with an alert that fires when checks fail in two of them.
 *
 * @example
 * ```ts
 * new UptimeCheck("orders", {
 *   project: "shop-prod",
 *   host: "orders.example.com",
 *   path: "/health",
 *   notificationChannels: channels,
 * });
 * ```
 */
export class UptimeCheck extends pulumi.ComponentResource {
  /** Id of the check, which its metrics carry. */
  public readonly checkId: pulumi.Output<string>;

  /** @throws InputError for a check that could never succeed, at once or as the host resolves. */
  constructor(name: string, args: UptimeCheckArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "UptimeCheckArgs", `${name} (UptimeCheck)`, args);
    super("gatehouse:gcp:UptimeCheck", name, {}, opts);
    throwIfAny(checkUptime(describe(name, this), args));

    const check = this.createCheck(name, args, opts);
    this.createPolicy(name, args, check, opts);
    this.checkId = check.uptimeCheckId;
    this.registerOutputs({ checkId: this.checkId });
  }

  private createCheck(
    name: string,
    args: UptimeCheckArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): monitoring.UptimeCheckConfig {
    const { project, path, displayName = name, periodSeconds = 60, timeoutSeconds = 10 } = args;
    const subject = describe(name, this);
    const host = checkedInput(args.host, (known) => checkUptimePath(subject, known, path));
    return new monitoring.UptimeCheckConfig(
      name,
      {
        project,
        displayName,
        period: `${periodSeconds}s`,
        timeout: `${timeoutSeconds}s`,
        httpCheck: { path, port: 443, useSsl: true, validateSsl: true, requestMethod: "GET" },
        monitoredResource: { type: "uptime_url", labels: { project_id: project, host: readableHost(subject, host) } },
        logCheckFailures: true,
      },
      childOptions(this, opts),
    );
  }

  /** The condition that Google's console makes for a check: more than one place fails. */
  private createPolicy(
    name: string,
    { project, displayName = name, notificationChannels, runbookUrl, path }: UptimeCheckArgs,
    { uptimeCheckId }: monitoring.UptimeCheckConfig,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const filter = pulumi.interpolate`resource.type = "uptime_url" AND metric.type = "monitoring.googleapis.com/uptime_check/check_passed" AND metric.labels.check_id = "${uptimeCheckId}"`;
    const links = runbookUrl === undefined ? undefined : [{ displayName: "Runbook", url: runbookUrl }];
    new monitoring.AlertPolicy(
      `${name}-down`,
      {
        project,
        displayName: `${displayName}: down`,
        combiner: "OR",
        severity: "CRITICAL",
        conditions: [
          {
            displayName: `${path} does not answer`,
            conditionThreshold: {
              filter,
              comparison: "COMPARISON_GT",
              thresholdValue: 1,
              duration: "60s",
              trigger: { count: 1 },
              aggregations: [
                {
                  alignmentPeriod: "1200s",
                  perSeriesAligner: "ALIGN_NEXT_OLDER",
                  crossSeriesReducer: "REDUCE_COUNT_FALSE",
                  groupByFields: ["resource.label.*"],
                },
              ],
            },
          },
        ],
        documentation: {
          mimeType: "text/markdown",
          content: `${path} has not answered 2xx to checkers in more than one place.`,
          links,
        },
        notificationChannels,
      },
      childOptions(this, opts),
    );
  }
}

function readableHost(subject: string, host: pulumi.Input<string>): pulumi.Input<string> {
  if (!pulumi.Output.isInstance(host)) return host;
  return refuseSecret(host, {
    subject: `${subject}.host`,
    message: "a secret would be readable in the check",
    fix: "give the host itself",
  });
}

function checkUptime(subject: string, args: UptimeCheckArgs): Problem[] {
  const { path, periodSeconds = 60, timeoutSeconds, ingress = Ingress.All } = args;
  const periods = [60, 300, 600, 900];
  return [
    ...(path.startsWith("/")
      ? []
      : [{ subject: `${subject}.path`, message: "not a path", value: path, expected: "a path that begins with /" }]),
    ...(periods.includes(periodSeconds)
      ? []
      : [
          {
            subject: `${subject}.periodSeconds`,
            message: "Cloud Monitoring does not offer this period",
            value: String(periodSeconds),
            expected: `one of ${periods.join(", ")}`,
          },
        ]),
    ...checkCount(`${subject}.timeoutSeconds`, "not a number of seconds", timeoutSeconds, { least: 1, most: 60 }),
    ...(ingress === Ingress.All
      ? []
      : [
          {
            subject: `${subject}.ingress`,
            message: "uptime checks come from the internet, and the service does not take requests from there",
            value: ingress,
            expected: Ingress.All,
          },
        ]),
  ];
}

/**
 * A path that Google's front end answers itself on `run.app` addresses, so that the check would tell nothing about the
 * service.
 *
 * Source: https://cloud.google.com/run/docs/known-issues#ah
 */
export function checkUptimePath(subject: string, host: string, path: string): Problem[] {
  if (!/(^|\.)(run\.app|a\.run\.app)$/.test(host)) return [];
  const swallowed = path.endsWith("z") || path === "/eventlog" || path.startsWith("/_ah/");
  if (!swallowed) return [];
  return [
    {
      subject: `${subject}.path`,
      message: "Google's front end answers this path itself on run.app addresses",
      value: `https://${host}${path}`,
      expected: "a path that does not end in z, or a host of one's own",
      fix: "check the host under which users reach the service",
    },
  ];
}
