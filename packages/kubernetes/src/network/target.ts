import type { PodSelectorArgs } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** A Service and the pods behind it, as an edge needs to know them. */
export interface ServiceTargetArgs {
  /** Name of the Service. */
  serviceName: Input<string>;
  /** Port of the Service. */
  servicePort: number;
  /** Pods behind the Service. */
  pods: PodSelectorArgs;
  /** Port of the pods, which network policies name. */
  port: number;
  /**
   * Seconds that the server lets a request take.
   * @default 30
   */
  requestTimeoutSeconds?: number;
  /**
   * Seconds that the pods have to stop.
   * @default not known, so not checked
   */
  gracePeriodSeconds?: number;
}
