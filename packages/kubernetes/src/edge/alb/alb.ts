import { checkedInput, type Problem } from "@gatehouse/core";
import { type AlbEdgeArgs, AlbScheme } from "../args/albArgs.ts";
import { backendProtocol, BackendProtocol, type EdgeArgs, requestTimeout } from "../args/edgeArgs.ts";
import { ingressRules, type RenderedIngress } from "../routes/ingress.ts";
import { defaultRequestTimeoutSeconds, edgeIdleSeconds } from "../args/timeouts.ts";

const prefix = "alb.ingress.kubernetes.io";

/** The delay that is set, or the time that a request may take. */
export function deregistrationDelaySeconds(args: EdgeArgs, { deregistrationDelaySeconds }: AlbEdgeArgs): number {
  return deregistrationDelaySeconds ?? requestTimeout(args) ?? defaultRequestTimeoutSeconds;
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
        "deregistration_delay.timeout_seconds": deregistrationDelaySeconds(args, alb),
      }),
      [`${prefix}/load-balancer-attributes`]: attributes({
        "deletion_protection.enabled": alb.deletionProtection ?? true,
        "idle_timeout.timeout_seconds": edgeIdleSeconds(requestTimeout(args)),
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
      message: "not the ARN of an ACM certificate",
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
      message: "not the ARN of a web ACL that an ALB can use",
      value: arn,
      expected: "a regional web ACL of WAFv2: arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>",
    },
  ];
}
