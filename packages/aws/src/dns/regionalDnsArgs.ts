import type { Input } from "@pulumi/pulumi";

/** How Route 53 picks one of several regions. */
export const DnsRouting = {
  /** The healthy region that is nearest to the client. */
  Latency: "latency",
  /** The primary region while it is healthy, else the secondary one. */
  FailoverPrimary: "failoverPrimary",
  /** The region that serves while the primary one is not healthy. */
  FailoverSecondary: "failoverSecondary",
} as const;
export type DnsRouting = (typeof DnsRouting)[keyof typeof DnsRouting];

/** One region's answer to a name that several regions share. Each region's stack makes its own. */
export interface RegionalDnsArgs {
  /** Id of the hosted zone of the name. */
  zoneId: Input<string>;
  /** Name that the regions share: `broker.example.com`. */
  host: string;
  /** Region of the load balancer: `us-east-1`. */
  region: string;
  /** DNS name of the load balancer: its `dnsName`. */
  targetDnsName: Input<string>;
  /** Id of the hosted zone of the load balancer: its `zoneId`. */
  targetZoneId: Input<string>;
  /** ARN of the certificate that the load balancer serves; it is of the load balancer's region. */
  certificateArn: Input<string>;
  /**
   * Name of this region alone, which the health check asks for and which clients may use: `us-east-1.broker.example.com`.
   * The certificate must be for it too.
   */
  regionalHost: string;
  /** Path that answers 200 while the region serves: `/health`. */
  healthPath: string;
  /**
   * How Route 53 picks a region.
   * @default latency
   */
  routing?: DnsRouting;
  /**
   * Name that tells this record from the other regions'.
   * @default the region
   */
  setIdentifier?: string;
  /**
   * Seconds between two requests of a health checker, 10 or 30. Ten cost more.
   * @default 30
   */
  healthIntervalSeconds?: number;
  /**
   * Failures after which the region counts as gone, 1 to 10.
   * @default 3
   */
  failureThreshold?: number;
  /**
   * Tags of the health check.
   * @default none
   */
  tags?: Record<string, Input<string>>;
}
