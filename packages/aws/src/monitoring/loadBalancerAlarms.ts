import type * as pulumi from "@pulumi/pulumi";
import { type Alarm, type Metric, MissingData } from "./alarm.ts";

/** A load balancer as its alarms need to know it: a LoadBalancer's `monitored`. */
export interface MonitoredLoadBalancerArgs {
  /** The part of the ARN by which metrics name the load balancer: `app/shop/50dc6c495c0c9188`. */
  arnSuffix: pulumi.Input<string>;
  /** The same of its target groups, by a name that you choose: `targetgroup/orders/73e2d6bc24d8a067`. */
  targetGroups: Record<string, pulumi.Input<string>>;
}

const namespace = "AWS/ApplicationELB";
/** Answers 5xx of the load balancer itself in 5 minutes. */
const mostOwnErrors = 10;
/** Of all requests in 5 minutes. */
const mostTargetErrorPercent = 5;

/** The alarms of a load balancer. */
export function loadBalancerAlarms(key: string, { arnSuffix, targetGroups }: MonitoredLoadBalancerArgs): Alarm[] {
  const LoadBalancer = arnSuffix;
  const metric = (name: string, statistic: Metric["statistic"], more: Metric["dimensions"] = {}): Metric => ({
    namespace,
    name,
    dimensions: { LoadBalancer, ...more },
    statistic,
    period: 300,
  });
  const minutely = (name: string, statistic: Metric["statistic"], TargetGroup: pulumi.Input<string>): Metric => ({
    ...metric(name, statistic, { TargetGroup }),
    period: 60,
  });
  const own: Alarm[] = [
    {
      name: `${key}-elb-5xx`,
      description: `The load balancer itself has answered more than ${mostOwnErrors} requests with 5xx in 5 minutes: no target took them, or a target closed the connection. Look at the targets' health.`,
      metric: metric("HTTPCode_ELB_5XX_Count", "Sum"),
      comparison: "GreaterThanThreshold",
      threshold: mostOwnErrors,
      periods: 1,
      missingData: MissingData.Good,
    },
    {
      name: `${key}-target-5xx`,
      description: `Targets have answered more than ${mostTargetErrorPercent} % of all requests with 5xx for 10 minutes. Look at the logs of the service.`,
      expression: errorRatio(LoadBalancer),
      comparison: "GreaterThanThreshold",
      threshold: mostTargetErrorPercent,
      periods: 2,
      missingData: MissingData.Good,
    },
    {
      name: `${key}-rejected-connections`,
      description:
        "The load balancer has rejected connections, because it has reached its limit. Ask AWS for reserved capacity.",
      metric: metric("RejectedConnectionCount", "Sum"),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periods: 1,
      missingData: MissingData.Good,
    },
  ];
  const targets = Object.entries(targetGroups).flatMap(([group, suffix]): Alarm[] => [
    {
      name: `${key}-${group}-unhealthy`,
      description: `A target of ${group} has failed its health check for 10 minutes. Look at the pods that are not ready.`,
      metric: minutely("UnHealthyHostCount", "Maximum", suffix),
      comparison: "GreaterThanThreshold",
      threshold: 0,
      periods: 10,
      // The next alarm tells of targets that are gone.
      missingData: MissingData.Good,
    },
    {
      name: `${key}-${group}-no-targets`,
      description: `No target of ${group} is healthy. All its requests fail.`,
      metric: minutely("HealthyHostCount", "Minimum", suffix),
      comparison: "LessThanThreshold",
      threshold: 1,
      periods: 3,
      missingData: MissingData.Bad,
    },
  ]);
  return [...own, ...targets];
}

/** Answers 5xx of targets in percent of the requests. */
function errorRatio(LoadBalancer: pulumi.Input<string>): Alarm["expression"] {
  const sum = (id: string, metricName: string): NonNullable<Alarm["expression"]>[number] => ({
    id,
    returnData: false,
    metric: { namespace, metricName, dimensions: { LoadBalancer }, period: 300, stat: "Sum" },
  });
  return [
    { id: "ratio", expression: "100 * FILL(errors, 0) / requests", label: "5xx in percent", returnData: true },
    sum("errors", "HTTPCode_Target_5XX_Count"),
    sum("requests", "RequestCount"),
  ];
}
