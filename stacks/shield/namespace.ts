import { EdgeKind, type RestrictedNamespaceArgs } from "@gatehouse/kubernetes";
import { dnsArgs } from "../common/dns.ts";
import type { ShieldConfig } from "./config.ts";

export function namespaceArgs({ edge, dns }: ShieldConfig, namespace: string): RestrictedNamespaceArgs {
  return {
    namespace,
    // Targets of an ALB are pods, so a pod counts as ready only once the ALB sends requests to it.
    albReadinessGate: edge.kind === EdgeKind.Alb,
    dns: dnsArgs(dns),
  };
}
