import { readFileSync } from "node:fs";
import {
  type BrokerArgs,
  cloudIdentityAnnotations,
  type Endpoint,
  type LogForwarderOptionsArgs,
  type LogSinkArgs,
  type PolicyArgs,
} from "@gatehouse/kubernetes";
import { traceCollector } from "../common/tracing.ts";
import type { AtbConfig } from "./config.ts";
import type { AuditStore } from "./data/auditStore.ts";
import { logging, type Namespace, server } from "./shared.ts";

export const name = "atb-broker";

const auditDirectory = "/var/log/atb";

/** The broker, with the values of the deployment guide where config does not say otherwise. */
export function brokerArgs(config: AtbConfig, namespace: Namespace, links: Endpoint[], audit?: AuditStore): BrokerArgs {
  const { port, scaling, minAvailable, zones, requestTimeoutSeconds } = config.broker;
  const { agents, certificate, maintenanceMode } = config;
  return {
    ...server(config, config.broker, namespace, name),
    environment: {
      values: { ...logging(config).values, ...(config.auditLog && { AUDIT_LOG_DIRECTORY: auditDirectory }) },
    },
    scaling,
    disruptionBudget: { minAvailable },
    zones,
    shutdown: { requestTimeoutSeconds },
    policy: policy(config),
    certificate: { secret: certificate.secret, revision: certificate.revision },
    maintenanceMode,
    auditLog: auditLog(config, audit),
    // The role that the forwarder writes with; with EKS Pod Identity, nothing in the cluster names it.
    serviceAccountAnnotations: audit && cloudIdentityAnnotations(audit.role.cloudIdentity),
    connectsTo: [...links, ...(audit?.links ?? []), enterprise(config), ...traceCollector(config.tracingCollector)],
    admits: [{ name: "agents", pods: { namespace: agents.namespace }, port }],
  };
}

/** What is decided for each request, by OPA beside the broker. */
function policy({ opa }: AtbConfig): PolicyArgs {
  const files = { "policy.rego": readFileSync(new URL("policy.rego", import.meta.url), "utf8") };
  return { files, entryPoint: opa.entryPoint, engine: { image: opa.image, resources: opa.resources } };
}

/** The services that agents are let through to; their namespace belongs to others, who admit the broker. */
function enterprise({ enterprise }: AtbConfig): Endpoint {
  const { namespace, port } = enterprise;
  return { name: "enterprise", port, pods: { namespace }, managedElsewhere: true };
}

function auditLog({ auditLog }: AtbConfig, audit: AuditStore | undefined): LogForwarderOptionsArgs | undefined {
  if (!auditLog) return undefined;
  const { image, bufferSize } = auditLog;
  // Each flush to a bucket is an object, which costs a request, and stays for years.
  const flushInterval = auditLog.flushInterval ?? (audit ? "1m" : "1s");
  const sink = audit?.sink ?? (auditLog.sink && existingSink(auditLog.sink));
  return sink && { image, directory: auditDirectory, bufferSize, flushInterval, sink };
}

function existingSink(sink: NonNullable<NonNullable<AtbConfig["auditLog"]>["sink"]>): LogSinkArgs {
  const { forward, http, certificateAuthority, namespace, cidrs = [], port } = sink;
  const endpoint: Endpoint = {
    name: "audit-log",
    port,
    pods: namespace === undefined ? undefined : { namespace },
    addresses: cidrs.map((cidr) => ({ cidr })),
    managedElsewhere: true,
  };
  return { forward, http, certificateAuthority, endpoint };
}
