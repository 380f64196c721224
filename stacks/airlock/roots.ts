import type { VolumeArgs } from "@gatehouse/kubernetes";
import { ClaimAccess } from "@gatehouse/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import type { Input } from "@pulumi/pulumi";
import type { AirlockConfig } from "./settings/config.ts";
import { labels, name } from "./settings/names.ts";

type Root = AirlockConfig["roots"][number];
type FsRoot = Extract<Root, { type: "fs" }>;

function isFs(root: Root): root is FsRoot {
  return root.type === "fs";
}

/** EFS has no size; the field is required, and any value will do. */
const anySize = "1Gi";

/**
 * The volumes of `fs` roots: an EFS file system each, which pods in every zone mount at once. One that clients only
 * read is mounted read-only.
 */
export function createRootVolumes(
  config: AirlockConfig,
  namespaceName: string,
  namespace: Input<string>,
): VolumeArgs[] {
  return config.roots.filter(isFs).map((root) => {
    const claim = createClaim(root, namespaceName, namespace);
    return {
      name: `root-${root.name}`,
      mountPath: root.real,
      claim,
      claimAccess: root.readOnly ? ClaimAccess.ReadOnlyMany : ClaimAccess.ReadWriteMany,
      readOnly: root.readOnly,
    };
  });
}

/** The volume belongs to the cluster, so its name has the namespace's; the claim names it, so no other gets it. */
function createClaim(
  { name: root, readOnly, fileSystem }: FsRoot,
  namespaceName: string,
  namespace: Input<string>,
): Input<string> {
  const claimName = `${name}-${root}`;
  const accessModes = [readOnly ? "ReadOnlyMany" : "ReadWriteMany"];
  const volume = new core.PersistentVolume(`${claimName}-volume`, {
    metadata: { name: `${namespaceName}-${root}`, labels },
    spec: {
      storageClassName: "",
      capacity: { storage: anySize },
      accessModes,
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: namespaceName, name: claimName },
      csi: {
        driver: "efs.csi.aws.com",
        volumeHandle: [fileSystem.id, ...(fileSystem.accessPoint === undefined ? [] : [fileSystem.accessPoint])].join(
          "::",
        ),
        readOnly,
      },
    },
  });
  const claim = new core.PersistentVolumeClaim(`${claimName}-claim`, {
    metadata: { name: claimName, namespace, labels },
    spec: {
      storageClassName: "",
      volumeName: volume.metadata.name,
      accessModes,
      resources: { requests: { storage: anySize } },
    },
  });
  return claim.metadata.name;
}
