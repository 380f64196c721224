import type { Input } from "@pulumi/pulumi";
import { checkName, checkBytes, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** A volume and where a container sees it. Exactly one source is given; containers share a volume by its name. */
export interface VolumeArgs {
  /** Name within the pod. */
  name: string;
  /** Absolute path in the container. */
  mountPath: string;
  /**
   * Whether the container may only read.
   * @default true, for emptyDir, claim and ephemeralClaim false
   */
  readOnly?: boolean;
  /**
   * Scratch space that lives as long as the pod.
   * @default none
   */
  emptyDir?: EmptyDirArgs;
  /**
   * Name of a ConfigMap whose keys become files.
   * @default none
   */
  configMap?: Input<string>;
  /**
   * Name of a Secret whose keys become files.
   * @default none
   */
  secret?: Input<string>;
  /**
   * Name of a PersistentVolumeClaim.
   * @default none
   */
  claim?: Input<string>;
  /**
   * A volume of the cluster that is made with the pod and deleted with it: scratch space beyond the node's disk.
   * @default none
   */
  ephemeralClaim?: EphemeralClaimArgs;
  /**
   * Name of a CSI driver that serves an inline, read-only volume, such as `csi.spiffe.io`.
   * @default none
   */
  csiDriver?: string;
  /**
   * File mode of a ConfigMap's or Secret's files, decimal (0o400 is 256).
   * @default 288 (0440) for a Secret, 292 (0444) for a ConfigMap
   */
  fileMode?: number;
}

/** Scratch space. */
export interface EmptyDirArgs {
  /**
   * Size at which the pod is evicted.
   * @default none: the container's ephemeral-storage limit counts
   */
  sizeLimit?: string;
  /**
   * Whether it is kept in memory, where it counts towards the memory limit; needs a `sizeLimit`.
   * @default false
   */
  memory?: boolean;
}

/** A generic ephemeral volume, which one pod mounts. */
export interface EphemeralClaimArgs {
  /** Size of the volume. */
  size: string;
  /**
   * StorageClass of the volume.
   * @default the cluster's
   */
  storageClass?: string;
}

/** Writable scratch space under a read-only root file system: `/tmp` becomes the volume `tmp`. */
export function temporaryDirectory(mountPath: string): VolumeArgs {
  const name = mountPath.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return { name: name.replaceAll(/^-|-$/g, ""), mountPath, emptyDir: {} };
}

type Source = [kind: string, source: EmptyDirArgs | EphemeralClaimArgs | Input<string> | undefined];

function sources({ emptyDir, configMap, secret, claim, ephemeralClaim, csiDriver }: VolumeArgs): Source[] {
  return Object.entries({ emptyDir, configMap, secret, claim, ephemeralClaim, csiDriver }).filter(
    ([, source]) => source !== undefined,
  );
}

/** What a volume is made of. */
export function volumeSource(args: VolumeArgs): Source | undefined {
  return sources(args)[0];
}

/** A volume without a source or with two, and memory without a bound. */
export function checkVolume(subject: string, args: VolumeArgs): Problem[] {
  const given = sources(args);
  const { name, mountPath, emptyDir } = args;
  return [
    // A volume's name is a DNS label, as a container's is.
    ...checkName("kubernetes:Container", name).map((problem) => ({ ...problem, subject: `${subject}.volumes` })),
    ...(/^\/[^:]*$/.test(mountPath)
      ? []
      : [
          {
            subject: `${subject}.volumes.${name}.mountPath`,
            message: "not an absolute path",
            value: mountPath,
            expected: "a path that begins with a slash and has no colon",
          },
        ]),
    ...(emptyDir?.sizeLimit === undefined
      ? []
      : checkBytes(emptyDir.sizeLimit, `${subject}.volumes.${name}.emptyDir.sizeLimit`)),
    ...(args.ephemeralClaim === undefined
      ? []
      : checkBytes(args.ephemeralClaim.size, `${subject}.volumes.${name}.ephemeralClaim.size`)),
    ...(given.length === 1
      ? []
      : [
          {
            subject: `${subject}.volumes.${name}`,
            message: "a volume has exactly one source",
            value: given.length === 0 ? "none" : given.map(([kind]) => kind).join(", "),
            expected: "one of emptyDir, configMap, secret, claim, ephemeralClaim and csiDriver",
          },
        ]),
    ...(emptyDir?.memory && !emptyDir.sizeLimit
      ? [
          {
            subject: `${subject}.volumes.${name}`,
            message: "a directory in memory has no bound, and what it holds counts towards the memory limit",
            expected: "emptyDir.sizeLimit below the container's memory limit",
          },
        ]
      : []),
  ];
}

export function volume({
  name,
  emptyDir,
  configMap,
  secret,
  claim,
  ephemeralClaim,
  csiDriver,
  fileMode,
}: VolumeArgs): k8s.core.v1.Volume {
  if (emptyDir) {
    const { sizeLimit, memory } = emptyDir;
    return { name, emptyDir: { ...(sizeLimit && { sizeLimit }), ...(memory && { medium: "Memory" }) } };
  }
  if (configMap) return { name, configMap: { name: configMap, defaultMode: fileMode ?? 0o444 } };
  if (secret) return { name, secret: { secretName: secret, defaultMode: fileMode ?? 0o440 } };
  if (claim) return { name, persistentVolumeClaim: { claimName: claim } };
  if (ephemeralClaim) {
    const { size, storageClass } = ephemeralClaim;
    const spec = {
      accessModes: ["ReadWriteOnce"],
      ...(storageClass !== undefined && { storageClassName: storageClass }),
      resources: { requests: { storage: size } },
    };
    return { name, ephemeral: { volumeClaimTemplate: { spec } } };
  }
  return { name, csi: { driver: csiDriver ?? "", readOnly: true } };
}

export function volumeMount(args: VolumeArgs): k8s.core.v1.VolumeMount {
  const { name, mountPath, readOnly = !(args.emptyDir ?? args.claim ?? args.ephemeralClaim) } = args;
  return { name, mountPath, ...(readOnly && { readOnly }) };
}
