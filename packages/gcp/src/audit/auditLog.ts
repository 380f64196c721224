import { checkedArgs, childOptions } from "@gatehouse/core";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

/** Kinds of access that are logged. Changes of resources always are. */
export const AuditLogType = {
  /** Who read the settings of resources. */
  AdminRead: "ADMIN_READ",
  /** Who read data. */
  DataRead: "DATA_READ",
  /** Who wrote data. */
  DataWrite: "DATA_WRITE",
} as const;
export type AuditLogType = (typeof AuditLogType)[keyof typeof AuditLogType];

export interface AuditLogArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** The APIs whose use is logged: `secretmanager.googleapis.com`. */
  services: string[];
  /**
   * What is logged.
   * @default all three
   */
  logTypes?: AuditLogType[];
}

/**
 * Data access audit logs of a project.
 *
 * A project has one setting for each API, which this component owns as a whole: it overwrites what others have set, so
 * use it in one stack of the project only. The logs stay on when the stack is destroyed, because the other stacks of
 * the project need them too.
 *
 * @example
 * ```ts
 * new AuditLog("shop", { project: "shop-prod", services: ["secretmanager.googleapis.com"] });
 * ```
 */
export class AuditLog extends pulumi.ComponentResource {
  constructor(name: string, args: AuditLogArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AuditLogArgs", `${name} (AuditLog)`, args);
    super("gatehouse:gcp:AuditLog", name, {}, opts);
    const { project, services, logTypes = Object.values(AuditLogType) } = args;
    for (const service of services) {
      new projects.IAMAuditConfig(
        `${name}-${service.split(".", 1).join()}`,
        { project, service, auditLogConfigs: logTypes.map((logType) => ({ logType })) },
        childOptions(this, opts, { retainOnDelete: true }),
      );
    }
    this.registerOutputs({});
  }
}
