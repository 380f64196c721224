import type { Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { EdgeKind } from "@gatehouse/kubernetes";
import { isProduction } from "../common/environment.ts";

/** The parts of the config that rules across keys read. A key whose own value is wrong is missing. */
interface Checked {
  edge?: { kind: EdgeKind };
  certificate?: { secret: string; clusterIssuer?: string; existing: boolean };
  secrets?: { existing: boolean; redisPasswordVersion?: string; redisOtherPasswordVersion?: string };
  auditLog?: object | null;
  redis?: { replicas: number };
}

/** Rules across the keys of the config. */
export function checkConfig(valid: Checked, stack: StackName): Problem[] {
  return [...checkEdge(valid), ...checkCertificate(valid), ...checkRotation(valid), ...checkProduction(valid, stack)];
}

function checkEdge({ edge }: Checked): Problem[] {
  if (edge?.kind !== EdgeKind.Alb) return [];
  return [
    {
      subject: "atb:edge.kind",
      message: "an ALB terminates TLS, so the broker would not see the agents' certificates",
      value: edge.kind,
      expected: `${EdgeKind.Nginx} or ${EdgeKind.Gateway}, which can pass TLS through`,
    },
  ];
}

/** The broker's pods wait for the Secret of the certificate, so something must make it. */
function checkCertificate({ certificate }: Checked): Problem[] {
  if (!certificate || (certificate.clusterIssuer === undefined) === certificate.existing) return [];
  const { secret, clusterIssuer } = certificate;
  return [
    {
      subject: "atb:certificate",
      message: certificate.existing
        ? "the Secret is made twice: by the issuer and by you"
        : `nothing makes the Secret ${secret}, and the broker's pods wait for it`,
      value: clusterIssuer === undefined ? undefined : `existing true, clusterIssuer ${clusterIssuer}`,
      expected: "either clusterIssuer, or existing: true if you make the Secret yourself",
      fix: `pulumi config set --path atb:certificate.clusterIssuer ISSUER, or make the Secret as docs/atb.md says`,
    },
  ];
}

/** A rotation of the password of Redis that would not hold still. */
function checkRotation({ secrets }: Checked): Problem[] {
  const { existing, redisPasswordVersion: used, redisOtherPasswordVersion: other } = secrets ?? {};
  if (other === undefined) return [];
  const subject = "atb:secrets.redisOtherPasswordVersion";
  if (existing)
    return [
      { subject, message: "with existing Secrets, no version is read from a store", value: other, expected: "none" },
    ];
  if (used !== undefined && used !== other) return [];
  return [
    {
      subject,
      message: "a rotation needs two pinned versions of the password",
      value: used === undefined ? "redisPasswordVersion is not set" : `both are ${used}`,
      expected: "redisPasswordVersion and redisOtherPasswordVersion, and not the same",
    },
  ];
}

/** What a development stack may do without. */
function checkProduction({ auditLog, redis }: Checked, stack: StackName): Problem[] {
  if (!isProduction(stack)) return [];
  return [
    // One that is given and wrong is not there; null is one that is not given.
    ...(auditLog === null
      ? [
          {
            subject: "atb:auditLog",
            message: "what the broker decides would be recorded nowhere",
            expected: "an image of fluentd and the sink that keeps the log",
          },
        ]
      : []),
    ...(redis && redis.replicas < 3
      ? [
          {
            subject: "atb:redis.replicas",
            message: "a single Redis forgets which tokens were used when it is lost, and they could be used again",
            value: String(redis.replicas),
            expected: "3 or more",
          },
        ]
      : []),
  ];
}
