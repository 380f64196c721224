import type { Endpoint, EnvironmentArgs, Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../../pod/container/container.ts";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import type { VolumeArgs } from "../../pod/container/volume.ts";

/** Settings with which every kind of backup runs its tools. */
export interface BackupTools {
  image: Input<string>;
  resources: ResourcesArgs;
  /** Name of the ConfigMap with the scripts. */
  scripts: Input<string>;
  /** Variables with the place of the copies and their greatest age. */
  environment: EnvironmentArgs;
  /** The volume with the copies, if they are kept on one. */
  volumes: VolumeArgs[];
}

/** Backup and restore check of one kind of source. */
export interface BackupKind {
  problems: Problem[];
  /** The scripts, by file name. */
  scripts: Record<string, string>;
  /** Endpoint of the source. Only the backup connects to it. */
  server: Endpoint;
  backup: (tools: BackupTools) => ContainerArgs;
  restoreCheck: (tools: BackupTools) => ContainerArgs;
  /** Sidecars of the restore check. */
  sidecars: (tools: BackupTools) => ContainerArgs[];
}
