import type { AdmissionArgs } from "../network/admission.ts";
import { type MetricsArgs, scrapeAdmission } from "../workload/metrics.ts";
import type { ContainerArgs, PortArgs } from "../pod/container/container.ts";

/** Ports on which sidecars have metrics: all that they declare. */
export function sidecarPorts(sidecars: ContainerArgs[]): PortArgs[] {
  return sidecars.flatMap(({ ports = [] }) => ports);
}

/** Prometheus, for each port of the sidecars. */
export function sidecarAdmissions(metrics: MetricsArgs, sidecars: ContainerArgs[]): AdmissionArgs[] {
  return sidecarPorts(sidecars).map(({ name, port }) => ({
    ...scrapeAdmission(metrics, port),
    name: `${name}-metrics`,
  }));
}

/**
 * What a PodMonitor says of the sidecars. A ServiceMonitor would have the Service offer their ports, and give their
 * targets the program's job, so that an alert on the one would fire for the other.
 */
export function sidecarMonitorSpec(
  { interval = "30s" }: MetricsArgs,
  podLabels: Record<string, string>,
  sidecars: ContainerArgs[],
): object {
  return {
    selector: { matchLabels: podLabels },
    podMetricsEndpoints: sidecarPorts(sidecars).map(({ name }) => ({ port: name, path: "/metrics", interval })),
  };
}
