import { checkBytes, checkName, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { VolumeArgs } from "../pod/container/volume.ts";

/** A volume that each pod of a StatefulSet has for itself. */
export interface ClaimTemplateArgs {
  /** Name within the pod. */
  name: string;
  /** Absolute path in the main container. */
  mountPath: string;
  /** Size of each volume. Kubernetes does not let a StatefulSet change it: another size replaces the set. */
  size: string;
  /**
   * StorageClass of the volumes.
   * @default the cluster's
   */
  storageClass?: string;
}

/** Checks names and sizes. */
export function checkClaimTemplates(subject: string, claims: ClaimTemplateArgs[]): Problem[] {
  if (claims.length === 0)
    return [
      {
        subject,
        message: "the list is empty, so it is not clear whether the pods need volumes",
        value: "an empty list",
        expected: "one volume or more, or no claims",
      },
    ];
  return claims.flatMap(({ name, size }) => [
    ...checkName("kubernetes:Container", name, subject),
    ...checkBytes(size, `${subject}.${name}.size`),
  ]);
}

/** The mount of a claim. The pod's own list of volumes leaves it out, because the StatefulSet adds it. */
export function claimVolume({ name, mountPath }: ClaimTemplateArgs): VolumeArgs {
  return { name, mountPath, claim: name };
}

/** The claims as a StatefulSet takes them. */
export function claimTemplates(claims: ClaimTemplateArgs[]): k8s.core.v1.PersistentVolumeClaim[] {
  return claims.map(({ name, size, storageClass }) => ({
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass !== undefined && { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    },
  }));
}
