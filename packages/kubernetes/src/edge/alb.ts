import { checkedInput, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import { backendProtocol, BackendProtocol, type EdgeArgs } from "./edgeArgs.ts";
import { ingressRules, type RenderedIngress } from "./ingress.ts";

/** Who can reach a load balancer. */
export const AlbScheme = { Internal: "internal", InternetFacing: "internet-facing" } as const;
export type AlbScheme = (typeof AlbScheme)[keyof typeof AlbScheme];

/**
 * What only an ALB needs to know. Its targets are the pods' addresses; with `albReadinessGate` on the
 * RestrictedNamespace, a rollout waits until the ALB knows the new pods.
 */
export interface AlbEdgeArgs {
  /** Ranges of the subnets that the ALB stands in, from which its requests and health checks reach the pods. */
  subnetCidrs: Input<string>[];
  /** Path of the pods' readiness check, by which the ALB, too, decides whether a pod takes requests. */
  healthPath: string;
  /**
   * Name of the IngressClass.
   * @default "alb"
   */
  className?: string;
  /**
   * Whether the internet or only the VPC reaches it.
   * @default internal
   */
  scheme?: AlbScheme;
  /**
   * Security policy of the HTTPS listener: versions of TLS and ciphers.
   * @default "ELBSecurityPolicy-TLS13-1-2-Res-2021-06": TLS 1.2 and 1.3 with forward secrecy and AEAD ciphers
   */
  sslPolicy?: string;
  /**
   * Seconds for which a pod that is being taken away may finish its requests.
   * @default 30 (AWS itself waits 300, longer than pods usually live on)
   */
  deregistrationDelaySeconds?: number;
  /**
   * Seconds that the pods have to stop; given, it is held against `deregistrationDelaySeconds`.
   * @default not checked
   */
  gracePeriodSeconds?: number;
  /**
   * Whether the load balancer refuses to be deleted. To remove the edge, set it to false first.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * ARN of a regional WAF web ACL. `rateLimit` requires it, since an ALB itself does not count requests: it must hold a
   * rate rule.
   * @default none
   */
  wafAclArn?: Input<string>;
}

const prefix = "alb.ingress.kubernetes.io";

const defaultDeregistrationDelay = 30;

export function deregistrationDelaySeconds({ deregistrationDelaySeconds }: AlbEdgeArgs): number {
  return deregistrationDelaySeconds ?? defaultDeregistrationDelay;
}

/**
 * The Ingress for the AWS Load Balancer Controller. It has no `tls` section: an ALB does not read Secrets.
 * @param subject How messages call the edge.
 */
export function albIngress(subject: string, args: EdgeArgs, alb: AlbEdgeArgs): RenderedIngress {
  const { tls } = args;
  return {
    annotations: {
      [`${prefix}/scheme`]: alb.scheme ?? AlbScheme.Internal,
      [`${prefix}/target-type`]: "ip",
      [`${prefix}/listen-ports`]: JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
      [`${prefix}/ssl-redirect`]: "443",
      [`${prefix}/ssl-policy`]: alb.sslPolicy ?? "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      ...(tls?.certificateArn !== undefined && {
        [`${prefix}/certificate-arn`]: checkedInput(tls.certificateArn, (arn) => checkCertificateArn(subject, arn)),
      }),
      ...(alb.wafAclArn !== undefined && {
        [`${prefix}/wafv2-acl-arn`]: checkedInput(alb.wafAclArn, (arn) => checkWafAclArn(subject, arn)),
      }),
      [`${prefix}/healthcheck-path`]: alb.healthPath,
      ...(backendProtocol(args) === BackendProtocol.Https && {
        [`${prefix}/backend-protocol`]: "HTTPS",
        [`${prefix}/healthcheck-protocol`]: "HTTPS",
      }),
      [`${prefix}/target-group-attributes`]: attributes({
        "deregistration_delay.timeout_seconds": deregistrationDelaySeconds(alb),
      }),
      [`${prefix}/load-balancer-attributes`]: attributes({
        "deletion_protection.enabled": alb.deletionProtection ?? true,
        "routing.http.drop_invalid_header_fields.enabled": true,
      }),
    },
    spec: { ingressClassName: alb.className ?? "alb", rules: ingressRules(args) },
  };
}

function attributes(values: Record<string, number | boolean>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(",");
}

function checkCertificateArn(subject: string, arn: string): Problem[] {
  if (/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/.test(arn)) return [];
  return [
    {
      subject: `${subject}.tls.certificateArn`,
      message: "not a certificate of ACM",
      value: arn,
      expected: "arn:aws:acm:<region>:<account>:certificate/<id>",
    },
  ];
}

function checkWafAclArn(subject: string, arn: string): Problem[] {
  if (/^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[^/]+\/[A-Za-z0-9-]+$/.test(arn)) return [];
  return [
    {
      subject: `${subject}.alb.wafAclArn`,
      message: "not a web ACL that an ALB can have",
      value: arn,
      expected: "a regional one of WAFv2: arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
    },
  ];
}
