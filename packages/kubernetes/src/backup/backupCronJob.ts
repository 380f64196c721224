import {
  checkedArgs,
  checkedInput,
  checkPinned,
  childOptions,
  contentHash,
  describe,
  type EnvironmentArgs,
  mergeEnvironments,
  type Monitored,
  parseDuration,
  recommendedLabels,
  throwIfAny,
} from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { ScheduledJob, type ScheduledJobArgs } from "../job/scheduledJob.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { type CloudIdentityArgs, cloudIdentityAnnotations } from "../pod/cloudIdentity.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { BackupCronJobArgs } from "./args.ts";
import { checkBackup } from "./checks.ts";
import { accessEnvironment, destinationEndpoints, destinationEnvironment, destinationVolumes } from "./destination.ts";
import type { BackupKind, BackupTools } from "./source/kind.ts";
import { backupPromise, type CronJobPromise, restoreCheckPromise, scheduled } from "./promise.ts";
import { backupKind } from "./source/source.ts";

const defaultResources: ResourcesArgs = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

/**
 * Backups on a schedule, and the proof on another that the newest can be restored. The component's name is that of what
 * is backed up: `shield` makes the CronJobs `shield-backup` and `shield-restore-check`.
 *
 * A copy gets its name, `backup_20250301T020000Z.dump`, only once it has been read back in full from the bucket; until
 * then it is below `.incomplete/`, which the next run clears. Whatever fails on the way, the run fails and no copy
 * appears. In a versioned bucket the lifecycle must also expire noncurrent versions and abandoned multipart uploads.
 */
export class BackupCronJob extends pulumi.ComponentResource {
  /** The CronJob that backs up, for alerts. */
  public readonly backup: CronJobPromise;
  /** The CronJob that checks the restore, for alerts. */
  public readonly restoreCheck: CronJobPromise;
  /** Description of the backup for alerts: `alertsFor(backups.monitored, ...)` of `@gatehouse/monitoring`. */
  public readonly monitored: Monitored;
  /** Name of the backup's ServiceAccount, for a role bound to it by name. */
  public readonly serviceAccountName: pulumi.Output<string>;
  /** Name of the restore check's ServiceAccount. */
  public readonly restoreCheckServiceAccountName: pulumi.Output<string>;

  constructor(name: string, args: BackupCronJobArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "BackupCronJobArgs", `${name} (BackupCronJob)`, args);
    super("gatehouse:kubernetes:BackupCronJob", name, {}, opts);
    const kind = backupKind(`${describe(name, this)}.source`, args.source);
    throwIfAny([...checkBackup(describe(name, this), args), ...kind.problems]);
    this.backup = backupPromise(name, args);
    this.restoreCheck = restoreCheckPromise(name, args);
    this.monitored = monitored(name, this);

    const scripts = this.createScripts(name, args, kind);
    const tools = backupTools(describe(name, this), name, args);
    const backup = this.createBackup(name, args, kind, tools, scripts, opts);
    const restoreCheck = this.createRestoreCheck(name, args, kind, tools, scripts, opts);

    this.serviceAccountName = backup.serviceAccountName;
    this.restoreCheckServiceAccountName = restoreCheck.serviceAccountName;
    this.registerOutputs({
      backup: this.backup,
      restoreCheck: this.restoreCheck,
      monitored: this.monitored,
      serviceAccountName: this.serviceAccountName,
      restoreCheckServiceAccountName: this.restoreCheckServiceAccountName,
    });
  }

  private createScripts(
    name: string,
    { namespace, labels }: BackupCronJobArgs,
    { scripts }: BackupKind,
  ): core.ConfigMap {
    const metadata = objectMeta(name, this, {
      kind: "ConfigMap",
      name: scriptsName(name),
      namespace,
      labels: { ...labels, ...recommendedLabels({ name: `${name}-backup`, partOf: name }) },
    });
    return new core.ConfigMap(`${name}-backup-scripts`, { metadata, data: scripts }, { parent: this });
  }

  private createBackup(
    name: string,
    args: BackupCronJobArgs,
    kind: BackupKind,
    tools: BackupTools,
    scripts: core.ConfigMap,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): ScheduledJob {
    const { keep, serviceAccountAnnotations, destination } = args;
    const { cronJob, schedule } = this.backup;
    const { activeDeadlineSeconds } = scheduled(schedule, args);
    const values = { BACKUP_KEEP: keep === undefined ? "" : String(keep) };
    const environment = mergeEnvironments({ values }, accessEnvironment(destination.s3?.accessKey));
    return new ScheduledJob(
      cronJob,
      {
        ...commonArgs(name, args, kind),
        schedule,
        activeDeadlineSeconds,
        container: kind.backup(withVariables(tools, environment)),
        connectsTo: [kind.server, ...destinationEndpoints(destination)],
        serviceAccountAnnotations: annotations(serviceAccountAnnotations, args.cloudIdentity),
      },
      childOptions(this, opts, { dependsOn: scripts }),
    );
  }

  private createRestoreCheck(
    name: string,
    args: BackupCronJobArgs,
    kind: BackupKind,
    tools: BackupTools,
    scripts: core.ConfigMap,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): ScheduledJob {
    const { restoreCheck = {}, destination } = args;
    const { serviceAccountAnnotations = args.serviceAccountAnnotations } = restoreCheck;
    const { cronJob, schedule } = this.restoreCheck;
    const { activeDeadlineSeconds } = scheduled(schedule, restoreCheck);
    const values = { BACKUP_MAX_AGE: String(parseDuration(this.backup.maxAge) / 1000) };
    const environment = mergeEnvironments({ values }, accessEnvironment(destination.s3?.readAccessKey));
    return new ScheduledJob(
      cronJob,
      {
        ...commonArgs(name, args, kind),
        schedule,
        activeDeadlineSeconds,
        container: kind.restoreCheck(withVariables(tools, environment)),
        sidecars: kind.sidecars(tools),
        connectsTo: destinationEndpoints(destination),
        serviceAccountAnnotations: annotations(serviceAccountAnnotations, restoreCheck.cloudIdentity),
      },
      childOptions(this, opts, { dependsOn: scripts }),
    );
  }
}

type CommonJobArgs = Pick<
  ScheduledJobArgs,
  "namespace" | "partOf" | "timeZone" | "identity" | "labels" | "podAnnotations" | "pods"
>;

function commonArgs(name: string, args: BackupCronJobArgs, { scripts }: BackupKind): CommonJobArgs {
  const { namespace, timeZone = "Etc/UTC", identity = { user: 999 }, labels, pods } = args;
  const podAnnotations = { "checksum/scripts": contentHash(scripts) };
  return { namespace, partOf: name, timeZone, identity, labels, podAnnotations, pods };
}

/** Name of the ConfigMap with the scripts. */
function scriptsName(name: string): string {
  return `${name}-backup-scripts`;
}

/** Settings of both jobs, checked once so that a problem is reported once. */
function backupTools(subject: string, name: string, args: BackupCronJobArgs): BackupTools {
  const { image, resources = defaultResources, destination } = args;
  return {
    image: checkedInput(image, (image) => checkPinned(image, `${subject}.image`)),
    resources,
    // Its name rather than its output, so that a transform sees the pods as plain values; the jobs depend on it.
    scripts: scriptsName(name),
    environment: destinationEnvironment(`${subject}.destination`, destination),
    volumes: destinationVolumes(destination),
  };
}

function withVariables(tools: BackupTools, environment: EnvironmentArgs): BackupTools {
  return { ...tools, environment: mergeEnvironments(tools.environment, environment) };
}

function annotations(
  given: Record<string, pulumi.Input<string>> | undefined,
  identity: CloudIdentityArgs | undefined,
): Record<string, pulumi.Input<string>> | undefined {
  return identity === undefined ? given : { ...given, ...cloudIdentityAnnotations(identity) };
}

function monitored(name: string, { backup, restoreCheck }: BackupCronJob): Monitored {
  const aged = ({ cronJob, maxAge }: CronJobPromise) => ({ cronJob, maxAge });
  return { name, backup: aged(backup), restoreCheck: aged(restoreCheck) };
}
