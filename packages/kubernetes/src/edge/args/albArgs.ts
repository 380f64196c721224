import type { Input } from "@pulumi/pulumi";

/** Networks from which a load balancer can be reached. */
export const AlbScheme = { Internal: "internal", InternetFacing: "internet-facing" } as const;
export type AlbScheme = (typeof AlbScheme)[keyof typeof AlbScheme];

/**
 * Options of an ALB alone. Its targets are the pods' IPv4 addresses. With `albReadinessGate` on the
 * RestrictedNamespace, a rollout waits until the ALB knows the new pods.
 */
export interface AlbEdgeArgs {
  /** IPv4 ranges of the ALB's subnets, from which its requests and health checks reach the pods. */
  subnetCidrs: Input<Input<string>[]>;
  /** Path of the pods' readiness check. The ALB uses it to decide whether a pod takes requests. */
  healthPath: string;
  /**
   * Name of the IngressClass.
   * @default "alb"
   */
  className?: string;
  /**
   * Whether the internet or only the VPC reaches the ALB.
   * @default internal
   */
  scheme?: AlbScheme;
  /**
   * Security policy of the HTTPS listener: TLS versions and ciphers.
   * @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers
   */
  sslPolicy?: string;
  /**
   * Seconds that a pod has to finish its requests after it is deregistered.
   * @default `requestTimeoutSeconds`. AWS' own default is 300, longer than a pod usually has to stop
   */
  deregistrationDelaySeconds?: number;
  /**
   * Seconds that the pods have to stop. `deregistrationDelaySeconds` must not exceed it.
   * @default the target's; without it, not checked
   */
  gracePeriodSeconds?: number;
  /**
   * Whether the load balancer refuses to be deleted. To remove the edge, set it to false first.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * ARN of a regional WAF web ACL. `rateLimit` requires it, because an ALB does not count requests: the web ACL must
   * contain a rate-based rule.
   * @default none
   */
  wafAclArn?: Input<string>;
}
