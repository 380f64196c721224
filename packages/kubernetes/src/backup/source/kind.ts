import type { Endpoint, EnvironmentArgs, Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../../pod/container/container.ts";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import type { VolumeArgs } from "../../pod/container/volume.ts";

/** What every kind of backup is given to run its tools with. */
export interface BackupTools {
  image: Input<string>;
  resources: ResourcesArgs;
  /** Name of the ConfigMap with the scripts. */
  scripts: Input<string>;
  /** Variables that say where the copies are and how long they are good. */
  environment: EnvironmentArgs;
  /** The volume with the copies, if they are kept on one. */
  volumes: VolumeArgs[];
}

/** How one kind of source is backed up, and how its restore is proven. */
export interface BackupKind {
  problems: Problem[];
  /** The scripts, by file name. */
  scripts: Record<string, string>;
  /** What the backup connects to; the restore check does not. */
  server: Endpoint;
  backup: (tools: BackupTools) => ContainerArgs;
  restoreCheck: (tools: BackupTools) => ContainerArgs;
  /** What runs beside the restore check. */
  sidecars: (tools: BackupTools) => ContainerArgs[];
}
