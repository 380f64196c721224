import type { AddressRangeArgs, SecurityGroupRefArgs } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";
import type { SubnetArgs } from "../network/subnet.ts";
import type { WafArgs } from "./webAcl.ts";

/** Networks from which a load balancer can be reached. */
export const LoadBalancerScheme = { Internal: "internal", InternetFacing: "internet-facing" } as const;
export type LoadBalancerScheme = (typeof LoadBalancerScheme)[keyof typeof LoadBalancerScheme];

/** Protocols that targets speak. */
export const TargetProtocol = { Http: "HTTP", Https: "HTTPS" } as const;
export type TargetProtocol = (typeof TargetProtocol)[keyof typeof TargetProtocol];

/** Pages that may show a page of the service in a frame. */
export const FrameOptions = { Deny: "DENY", SameOrigin: "SAMEORIGIN" } as const;
export type FrameOptions = (typeof FrameOptions)[keyof typeof FrameOptions];

/** Clients that may connect to a load balancer. */
export interface LoadBalancerAdmissionArgs {
  /** Name of the clients, which the description of the rule carries: `office`. */
  name: string;
  /**
   * Security group of the clients.
   * @default none: `addresses` says where they are
   */
  securityGroup?: SecurityGroupRefArgs;
  /**
   * Ranges of the clients' addresses.
   * @default none: `securityGroup` says where they are
   */
  addresses?: AddressRangeArgs[];
}

/** Targets of one port, the requests that they get, and their health check. Targets are registered by address. */
export interface TargetGroupArgs {
  /** Port of the targets. */
  port: number;
  /** Path that answers 200 if a target takes requests, such as the readiness path of pods. */
  healthPath: string;
  /**
   * Ranges of the targets' addresses, such as those of the pods' subnets. The load balancer may connect to these.
   * @default none: `securityGroup` says where they are
   */
  addresses?: AddressRangeArgs[];
  /**
   * Security group of the targets. It gets a rule that admits the load balancer. A TargetGroupBinding makes the same
   * rule, so use `addresses` beside one.
   * @default none: `addresses` says where they are
   */
  securityGroup?: SecurityGroupRefArgs;
  /**
   * Protocol that the targets speak.
   * @default TargetProtocol.Http
   */
  protocol?: TargetProtocol;
  /**
   * Hosts whose requests the targets get: `api.example.com`, `*.example.com`.
   * @default all
   */
  hosts?: string[];
  /**
   * Patterns of paths whose requests the targets get: `/api/*`.
   * @default all
   */
  paths?: string[];
  /**
   * Priority among targets with hosts or paths, 1 to 50000. The smallest matches first.
   * @default 10 for the first such targets, 20 for the second, ...
   */
  priority?: number;
  /**
   * Status codes of a healthy target: `200`, `200-299`, `200,204`.
   * @default "200"
   */
  healthCodes?: string;
  /**
   * Seconds between two checks of a target, 5 to 300.
   * @default 15
   */
  healthIntervalSeconds?: number;
  /**
   * Seconds that a check may take. It must be less than the interval.
   * @default 5
   */
  healthTimeoutSeconds?: number;
  /**
   * Successful checks in a row before a target gets requests, 2 to 10.
   * @default 2
   */
  healthyThreshold?: number;
  /**
   * Failed checks in a row before a target gets no more requests, 2 to 10.
   * @default 3
   */
  unhealthyThreshold?: number;
  /**
   * Seconds that a target has to finish its requests after it is deregistered, 0 to 3600. For pods, at most their grace
   * period. AWS' own default is 300.
   * @default 30
   */
  deregistrationDelaySeconds?: number;
}

/** Names of the service in a hosted zone of Route 53. */
export interface DnsArgs {
  /** Id of the hosted zone. */
  zoneId: pulumi.Input<string>;
  /** Names in the zone: `orders.example.com`, `*.orders.example.com`. The first is the service's address. */
  names: string[];
  /**
   * Whether each name gets an alias record for the load balancer.
   * @default true
   */
  aliasRecords?: boolean;
  /**
   * Whether Route 53 takes the record for unhealthy when any target group has no healthy target.
   * @default true with one target group. With several, one unhealthy group would take all down, so false
   */
  evaluateTargetHealth?: boolean;
}

/** A bucket for access logs: a LogBucket's `accessLogs`. */
export interface AccessLogsArgs {
  /** Name of the bucket. Use an Output that is known once the policy of the bucket lets the load balancer write. */
  bucket: pulumi.Input<string>;
  /**
   * Prefix of the logs in the bucket. The policy of the bucket must allow it.
   * @default none
   */
  prefix?: string;
  /**
   * ARN of the key that the bucket encrypts with. A load balancer cannot write to such a bucket, so this is an error.
   * @default none: the bucket encrypts with SSE-S3
   */
  kmsKeyArn?: pulumi.Input<string>;
}

export interface LoadBalancerArgs {
  /** Region of the VPC: `us-east-1`. */
  region: string;
  /** Id of the VPC. */
  vpcId: pulumi.Input<string>;
  /** Subnets, one in each of at least two zones; public ones for a load balancer that faces the internet. */
  subnets: SubnetArgs[];
  /** Targets by a name that you choose. One without hosts and paths gets all requests that no other gets. */
  targets: Record<string, TargetGroupArgs>;
  /**
   * Names of the service in a hosted zone. A certificate is made for them and validated in the zone unless
   * `certificateArn` is set.
   * @default none: required unless `certificateArn` is set
   */
  dns?: DnsArgs;
  /**
   * ARN of a certificate of ACM in the region.
   * @default a new certificate for the names of `dns`
   */
  certificateArn?: pulumi.Input<string>;
  /**
   * Whether the internet or only the VPC reaches the load balancer.
   * @default LoadBalancerScheme.Internal
   */
  scheme?: LoadBalancerScheme;
  /**
   * Clients that may connect.
   * @default everyone where the internet reaches the load balancer; else it is required
   */
  admits?: LoadBalancerAdmissionArgs[];
  /**
   * Fewest zones of the subnets, 2 or 3.
   * @default 2
   */
  minZones?: number;
  /**
   * Name of the load balancer, at most 32 characters. A load balancer that is replaced cannot keep its name.
   * @default a generated name that begins as the component's
   */
  loadBalancerName?: string;
  /**
   * Security policy of the HTTPS listener: TLS versions and ciphers.
   * @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers
   */
  sslPolicy?: string;
  /**
   * Whether port 80 redirects to HTTPS. Without it, port 80 is closed.
   * @default true
   */
  redirectHttp?: boolean;
  /**
   * Value of the header Strict-Transport-Security.
   * @default "max-age=31536000; includeSubDomains"
   */
  strictTransportSecurity?: string;
  /**
   * Value of the header X-Frame-Options.
   * @default FrameOptions.Deny
   */
  frameOptions?: FrameOptions;
  /**
   * Seconds after which an idle connection is closed, 1 to 4000. Let the targets keep theirs open for longer.
   * @default 60
   */
  idleTimeoutSeconds?: number;
  /**
   * Bucket for access logs.
   * @default none: requests are not logged
   */
  accessLogs?: AccessLogsArgs;
  /**
   * Rules of the web application firewall.
   * @default 2000 requests of an address in 5 minutes, and AWS' rules for bad inputs and reputation
   */
  waf?: WafArgs;
  /**
   * ARN of a regional web ACL, in place of the component's.
   * @default a new web ACL
   */
  webAclArn?: pulumi.Input<string>;
  /**
   * Whether there is no web application firewall: requests are then neither counted nor filtered.
   * @default false
   */
  withoutWaf?: boolean;
  /**
   * Whether deletion is refused, by Pulumi and by AWS.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Tags of the load balancer.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}
