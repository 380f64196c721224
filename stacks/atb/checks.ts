import { type RetentionArgs, retentionDays } from "@gatehouse/aws";
import type { Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { EdgeKind } from "@gatehouse/kubernetes";
import { isProduction } from "../common/environment.ts";

/** The parts of the config that rules across keys read. A key whose own value is wrong is missing. */
interface Checked {
  edge?: { kind: EdgeKind };
  certificate?: { secret: string; clusterIssuer?: string; existing: boolean };
  secrets?: { existing: boolean; redisPasswordVersion?: string; redisOtherPasswordVersion?: string };
  auditLog?: { store?: { retention: RetentionArgs }; sink?: object } | null;
  redis?: { replicas: number };
}

/** Rules across the keys of the config. */
export function checkConfig(valid: Checked, stack: StackName): Problem[] {
  return [
    ...checkEdge(valid),
    ...checkCertificate(valid),
    ...checkRotation(valid),
    ...checkAuditLog(valid),
    ...checkProduction(valid, stack),
  ];
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

/** The log is kept in a bucket that the stack makes, or in a sink that is there already. */
function checkAuditLog({ auditLog }: Checked): Problem[] {
  if (!auditLog || (auditLog.store === undefined) !== (auditLog.sink === undefined)) return [];
  return [
    {
      subject: "atb:auditLog",
      message: "the audit log is kept in one place",
      value: auditLog.store === undefined ? "neither store nor sink" : "store and sink",
      expected: "store, a bucket that the stack makes, or sink, one that is there already",
    },
  ];
}

const leastRetentionDays = 7 * 365;

/** What a development stack may do without. */
function checkProduction({ auditLog, redis }: Checked, stack: StackName): Problem[] {
  if (!isProduction(stack)) return [];
  const retention = auditLog?.store?.retention;
  return [
    ...(retention && retentionDays(retention) < leastRetentionDays
      ? [
          {
            subject: "atb:auditLog.store.retention",
            message: "the deployment guide has audit logs kept for 7 years",
            value: retention.days === undefined ? `${retention.years ?? 0} years` : `${retention.days} days`,
            expected: `7 years (${leastRetentionDays} days) or more`,
          },
        ]
      : []),
    // One that is given and wrong is not there; null is one that is not given.
    ...(auditLog === null
      ? [
          {
            subject: "atb:auditLog",
            message: "what the broker decides would be recorded nowhere",
            expected: "an image of fluentd, and the store or sink that keeps the log",
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
