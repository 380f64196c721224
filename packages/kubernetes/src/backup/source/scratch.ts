import { addQuantities } from "@gatehouse/core";
import type { VolumeArgs } from "../../pod/container/volume.ts";

/** A volume of the cluster for scratch space, made with the pod and deleted with it. */
export interface ScratchClaimArgs {
  /**
   * StorageClass of the volume.
   * @default the cluster's
   */
  storageClass?: string;
}

/** Scratch space on the node's disk or, with a claim, on a volume. */
export function scratchVolume(
  name: string,
  mountPath: string,
  size: string,
  claim: ScratchClaimArgs | undefined,
): VolumeArgs {
  if (claim === undefined) return { name, mountPath, emptyDir: { sizeLimit: size } };
  return { name, mountPath, ephemeralClaim: { size, storageClass: claim.storageClass } };
}

/** The node's disk that a container with scratch space asks for. */
export function scratchDisk(
  size: string,
  claim: ScratchClaimArgs | undefined,
): { request?: string; limit: string | undefined } {
  // A pod is evicted at the sum of its limits, and its logs count as well.
  return claim === undefined ? { request: size, limit: addQuantities(size, "1Gi") } : { limit: undefined };
}
