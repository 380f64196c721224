import { type DnsArgs, DnsPreset } from "@gatehouse/kubernetes";
import { z } from "zod";
import { port } from "./schema.ts";

const podSelector = z.strictObject({
  namespace: z.string().describe("Namespace of the pods."),
  labels: z.record(z.string(), z.string()).optional().describe("Labels of the pods."),
});

const resolvers = z.strictObject({
  presets: z.array(z.enum(DnsPreset)).optional().describe("Resolvers of well-known clusters."),
  pods: podSelector.optional().describe("Pods of a further resolver."),
  cidrs: z.array(z.cidrv4()).optional().describe("Addresses of a further resolver, such as the DNS Service's."),
  port: port().optional().describe("Port of pods and cidrs; 53 by default."),
});

/** The resolvers of the cluster, where they are not kube-dns or NodeLocal DNSCache. */
export const dns = resolvers
  .optional()
  .describe("The cluster's resolvers, if they are not kube-dns or NodeLocal DNSCache.");

/** The resolvers of the config, as a namespace takes them. */
export function dnsArgs(config: z.output<typeof resolvers> | undefined): DnsArgs | undefined {
  if (!config) return undefined;
  const { cidrs, ...rest } = config;
  return { ...rest, addresses: cidrs?.map((cidr) => ({ cidr })) };
}
