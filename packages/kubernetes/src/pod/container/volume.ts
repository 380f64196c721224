import type { Input } from "@pulumi/pulumi";
import { checkName, checkBytes, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** Access mode of a PersistentVolumeClaim. */
export const ClaimAccess = {
  /** Read and write, from one node at a time. */
  ReadWriteOnce: "readWriteOnce",
  /** Read and write, from one pod at a time. */
  ReadWriteOncePod: "readWriteOncePod",
  /** Read only, from several nodes. */
  ReadOnlyMany: "readOnlyMany",
  /** Read and write, from several nodes. */
  ReadWriteMany: "readWriteMany",
} as const;
export type ClaimAccess = (typeof ClaimAccess)[keyof typeof ClaimAccess];

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
   * Access mode of the claim. Pods on several nodes can share a claim only if its volume allows it.
   * @default readWriteOnce
   */
  claimAccess?: ClaimAccess;
  /**
   * Keys of the ConfigMap or Secret that become files, each with its path below `mountPath`.
   * @default every key, as a file of its name
   */
  keys?: Record<string, string>;
  /**
   * Path within the volume that is mounted in place of its root: one file or one directory. The kubelet does not update
   * such a file when a ConfigMap or Secret changes.
   * @default the volume's root
   */
  subPath?: string;
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
    ...checkIgnored(`${subject}.volumes.${name}`, args),
    ...checkPaths(`${subject}.volumes.${name}`, args),
    // A volume's name is a DNS label, as a container's is.
    ...checkName("kubernetes:Container", name, `${subject}.volumes`),
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

/** Whether one node alone can mount the volume. */
export function isForOneNode({ claim, claimAccess = ClaimAccess.ReadWriteOnce }: VolumeArgs): boolean {
  const single: ClaimAccess[] = [ClaimAccess.ReadWriteOnce, ClaimAccess.ReadWriteOncePod];
  return claim !== undefined && single.includes(claimAccess);
}

/** Options that the volume's source does not have. */
function checkIgnored(subject: string, args: VolumeArgs): Problem[] {
  const { configMap, secret, claim, claimAccess, keys, fileMode, readOnly } = args;
  const [[source] = ["none"]] = sources(args);
  const files = configMap ?? secret;
  const ignored = (option: string, value: string, expected: string): Problem => ({
    subject: `${subject}.${option}`,
    message: `a volume with the source ${source} has no such option, so it would be ignored`,
    value,
    expected,
  });
  return [
    ...(fileMode !== undefined && files === undefined
      ? [ignored("fileMode", String(fileMode), "fileMode with configMap or secret only")]
      : []),
    ...(keys && files === undefined
      ? [ignored("keys", Object.keys(keys).join(", "), "keys with configMap or secret only")]
      : []),
    ...(claimAccess !== undefined && claim === undefined
      ? [ignored("claimAccess", claimAccess, "claimAccess with claim only")]
      : []),
    ...(readOnly === false && [args.emptyDir, claim, args.ephemeralClaim].every((one) => one === undefined)
      ? [ignored("readOnly", "false", "true: containers cannot write to it")]
      : []),
    ...(readOnly === undefined && claimAccess === ClaimAccess.ReadOnlyMany
      ? [
          {
            subject: `${subject}.readOnly`,
            message: "the claim is read by many, and the container would mount it to write",
            expected: "true",
          },
        ]
      : []),
  ];
}

function checkPaths(subject: string, { keys = {}, subPath }: VolumeArgs): Problem[] {
  return Object.entries({ ...keys, ...(subPath !== undefined && { "": subPath }) })
    .filter(([, path]) => path === "" || path.startsWith("/") || path.split("/").includes(".."))
    .map(([key, path]) => ({
      subject: key === "" ? `${subject}.subPath` : `${subject}.keys.${key}`,
      message: "not a path within the volume",
      value: path,
      expected: "a relative path without ..",
    }));
}

/** A volume as the API server takes it. */
export function volume(args: VolumeArgs): k8s.core.v1.Volume {
  const { name, emptyDir, configMap, secret, claim, ephemeralClaim, csiDriver, fileMode, keys } = args;
  const items = keys && { items: Object.entries(keys).map(([key, path]) => ({ key, path })) };
  if (emptyDir) {
    const { sizeLimit, memory } = emptyDir;
    return { name, emptyDir: { ...(sizeLimit && { sizeLimit }), ...(memory && { medium: "Memory" }) } };
  }
  if (configMap) return { name, configMap: { name: configMap, defaultMode: fileMode ?? 0o444, ...items } };
  if (secret) return { name, secret: { secretName: secret, defaultMode: fileMode ?? 0o440, ...items } };
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
  if (csiDriver) return { name, csi: { driver: csiDriver, readOnly: true } };
  throw new Error(`The volume ${name} without a source has passed its check.`);
}

export function volumeMount(args: VolumeArgs): k8s.core.v1.VolumeMount {
  const { name, mountPath, subPath, readOnly = !(args.emptyDir ?? args.claim ?? args.ephemeralClaim) } = args;
  return { name, mountPath, ...(readOnly && { readOnly }), ...(subPath !== undefined && { subPath }) };
}
