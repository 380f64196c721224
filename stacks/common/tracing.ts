import type { Endpoint } from "@gatehouse/kubernetes";
import { z } from "zod";
import { port } from "./schema.ts";

const collector = z.strictObject({
  endpoint: z.url().describe("OTEL_EXPORTER_OTLP_ENDPOINT."),
  namespace: z.string().describe("Namespace of the collector's pods."),
  port: port().default(4317),
});

/** The collector that traces go to. */
export const tracingCollector = collector
  .optional()
  .describe("Where traces go. Without it, no pod may reach a collector.");

/** The trace collector, if there is one. Its owners admit the pods: a policy of ours would shut out its other clients. */
export function traceCollector(config: z.output<typeof tracingCollector>): Endpoint[] {
  if (!config) return [];
  const { endpoint, namespace, port } = config;
  const environment = { values: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } };
  return [{ name: "trace-collector", port, pods: { namespace }, managedElsewhere: true, environment }];
}
