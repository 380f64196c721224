import { checkCount, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { PortArgs } from "../pod/container/container.ts";

/** Settings of a workload's Service. */
export interface ServiceOptionsArgs {
  /**
   * Annotations of the Service, such as those of a mesh.
   * @default none
   */
  annotations?: Record<string, Input<string>>;
  /**
   * Seconds for which requests from one client address go to the same pod.
   * @default none: every connection may go to another pod
   */
  sessionAffinitySeconds?: number;
}

/** Checks bounds of the API server. */
export function checkService(subject: string, { sessionAffinitySeconds }: ServiceOptionsArgs = {}): Problem[] {
  return checkCount(
    `${subject}.service.sessionAffinitySeconds`,
    "not a time of session affinity",
    sessionAffinitySeconds,
    // https://kubernetes.io/docs/reference/networking/virtual-ips/#session-affinity
    { least: 1, most: 86_400 },
  );
}

/** Spec of a workload's Service. */
export function serviceSpec(
  selector: Record<string, string>,
  ports: PortArgs[],
  { sessionAffinitySeconds }: ServiceOptionsArgs = {},
): k8s.core.v1.ServiceSpec {
  return {
    type: "ClusterIP",
    selector,
    ports: ports.map(({ name, port, servicePort = port, appProtocol }) => ({
      name,
      port: servicePort,
      targetPort: port,
      protocol: "TCP",
      ...(appProtocol !== undefined && { appProtocol }),
    })),
    ...(sessionAffinitySeconds !== undefined && {
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionAffinitySeconds } },
    }),
  };
}
