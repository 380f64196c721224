import {
  checkCount,
  checkDuration,
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
  type Problem,
  recommendedLabels,
  throwIfAny,
} from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import {
  accessEnvironment,
  type BackupDestinationArgs,
  checkDestination,
  destinationEndpoints,
  destinationEnvironment,
  destinationVolumes,
} from "./destination.ts";
import type { BackupKind, BackupTools } from "./kind.ts";
import {
  checkCheckSchedule,
  checkKeep,
  checkMaxAge,
  checkRunTime,
  checkSchedule,
  checkTimeZone,
  promisedAge,
  type SchedulePromise,
  shortestGap,
} from "./schedule.ts";
import { ScheduledJob, type ScheduledJobArgs, startingDeadlineSeconds } from "../job/scheduledJob.ts";
import { backupKind, type BackupSourceArgs } from "./source.ts";
import { checkCloudIdentity, type CloudIdentityArgs, cloudIdentityAnnotations } from "../pod/cloudIdentity.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import type { PodIdentityArgs } from "../pod/pod.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import { argsSchema } from "../argsSchema.ts";

/** When and as whom the newest backup is restored for a proof. */
export interface RestoreCheckArgs {
  /**
   * Cron schedule, some hours after the backup's.
   * @default "0 6 * * *"
   */
  schedule?: string;
  /**
   * Seconds that a check may take, its retries included. At most the shortest pause of its schedule.
   * @default 3600, or the shortest pause of the schedule if that is less
   */
  activeDeadlineSeconds?: number;
  /**
   * Cloud identity of the check, which may only list and read the copies. Required where the backup has one.
   * @default none
   */
  cloudIdentity?: CloudIdentityArgs;
  /**
   * Further annotations of its ServiceAccount.
   * @default those of the backup's ServiceAccount
   */
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
}

export interface BackupCronJobArgs {
  /** Namespace of every object. */
  namespace: pulumi.Input<string>;
  /** What is backed up. */
  source: BackupSourceArgs;
  /** Where the copies are kept. */
  destination: BackupDestinationArgs;
  /**
   * Image with the tools of the source and of the destination, for PostgreSQL and S3 for example the official postgres
   * image (`-alpine`) with the package `aws-cli`. A tag other than `latest`, or a digest. `pg_dump` must be of the
   * server's major version or a newer one: an older one refuses to begin.
   */
  image: pulumi.Input<string>;
  /**
   * Cron schedule of the backup, five fields.
   * @default "0 2 * * *"
   */
  schedule?: string;
  /**
   * Time zone of both schedules: an exact name of the time zone database.
   * @default "Etc/UTC"
   */
  timeZone?: string;
  /**
   * Seconds that a backup may take, its retries included. At most the shortest pause of its schedule.
   * @default 3600, or the shortest pause of the schedule if that is less
   */
  activeDeadlineSeconds?: number;
  /**
   * Age of the newest backup, as a duration, above which the restore check fails and an alert should fire.
   * @default the longest pause of the schedule, the hour by which a run may start late, and `activeDeadlineSeconds`:
   *   "1d2h" for a daily one
   */
  maxAge?: string;
  /**
   * How many copies are kept; older ones are removed after a backup has succeeded. Without it no copy is ever removed
   * here, which is the bucket's lifecycle rule's to do, and the pods' role need not be able to delete a backup.
   * @default none: the bucket's lifecycle
   */
  keep?: number;
  /**
   * The proof that the newest copy can be restored, on a schedule of its own.
   * @default daily at 06:00
   */
  restoreCheck?: RestoreCheckArgs;
  /**
   * Requests and limits of the containers that run the tools.
   * @default 100m and 256Mi, at most 1 CPU and 512Mi, enough for a database of 100 GB
   */
  resources?: ResourcesArgs;
  /**
   * Numeric user and group. PostgreSQL starts only as a user that its image knows: 999 in the Debian images of postgres,
   * 70 in the Alpine ones.
   * @default `{ user: 999 }`
   */
  identity?: PodIdentityArgs;
  /**
   * Cloud identity of the backup, which may write the copies. The restore check has its own.
   * @default none
   */
  cloudIdentity?: CloudIdentityArgs;
  /**
   * Further annotations of the backup's ServiceAccount.
   * @default none
   */
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
  /**
   * Settings of the pods that follow from the cluster or the organization.
   * @default those of `podDefaults`
   */
  pods?: PodOptionsArgs;
  /**
   * Further labels of the objects; the pods have only their own, so that no Service selects them.
   * @default none
   */
  labels?: Record<string, string>;
}

/** A CronJob, and the age of its last success that is never reached while all is well. */
export interface CronJobPromise {
  /** Name of the CronJob, as in `kube_cronjob_status_last_successful_time{cronjob=...}`. */
  cronJob: string;
  /** Its cron schedule. */
  schedule: string;
  /** The age, as a duration: "1d2h". */
  maxAge: string;
}

const backupSchedule = "0 2 * * *";
const restoreCheckSchedule = "0 6 * * *";
const hour = 3600;

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
  /** The CronJob that proves the restore, for alerts. */
  public readonly restoreCheck: CronJobPromise;
  /** The backup as alerts need to know it: `alertsFor(backups.monitored, ...)` of `@gatehouse/monitoring`. */
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
    const metadata = objectMeta(describe(name, this), {
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

/** What is the same for both, checked once: what is wrong with it is said once. */
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

function backupPromise(name: string, args: BackupCronJobArgs): CronJobPromise {
  const { schedule = backupSchedule, maxAge = promisedAge(scheduled(schedule, args)) } = args;
  return { cronJob: `${name}-backup`, schedule, maxAge };
}

function monitored(name: string, { backup, restoreCheck }: BackupCronJob): Monitored {
  const aged = ({ cronJob, maxAge }: CronJobPromise) => ({ cronJob, maxAge });
  return { name, backup: aged(backup), restoreCheck: aged(restoreCheck) };
}

function restoreCheckPromise(name: string, { restoreCheck = {} }: BackupCronJobArgs): CronJobPromise {
  const { schedule = restoreCheckSchedule } = restoreCheck;
  return { cronJob: `${name}-restore-check`, schedule, maxAge: promisedAge(scheduled(schedule, restoreCheck)) };
}

/** A schedule with the time that its runs may take: an hour, or less where the next run is due before. */
function scheduled(
  schedule: string,
  { activeDeadlineSeconds = Math.min(hour, shortestGap(schedule) / 1000) }: { activeDeadlineSeconds?: number },
): SchedulePromise {
  return { schedule, startingDeadlineSeconds, activeDeadlineSeconds };
}

/** Everything about a backup that the API server refuses, or that shows only when the copy is needed. */
function checkBackup(subject: string, args: BackupCronJobArgs): Problem[] {
  const { image, timeZone, keep, destination } = args;
  const wrongKeep = checkCount(`${subject}.keep`, "not a number of copies", keep, { least: 1 });
  const wrongTimes = checkTimes(subject, args);
  return [
    ...(typeof image === "string" ? checkPinned(image, `${subject}.image`) : []),
    ...(timeZone === undefined ? [] : checkTimeZone(`${subject}.timeZone`, timeZone)),
    ...wrongTimes,
    ...wrongKeep,
    ...(wrongTimes.length + wrongKeep.length === 0 ? checkTimesTogether(subject, args) : []),
    ...checkDestination(`${subject}.destination`, destination),
    ...checkIdentities(subject, args),
  ];
}

/** Checks that the backup and the restore check have two identities. */
function checkIdentities(subject: string, args: BackupCronJobArgs): Problem[] {
  const { cloudIdentity, serviceAccountAnnotations, restoreCheck = {} } = args;
  const of = restoreCheck.serviceAccountAnnotations;
  return [
    ...checkCloudIdentity(`${subject}.cloudIdentity`, cloudIdentity, serviceAccountAnnotations),
    ...checkCloudIdentity(`${subject}.restoreCheck.cloudIdentity`, restoreCheck.cloudIdentity, of),
    ...(cloudIdentity !== undefined && restoreCheck.cloudIdentity === undefined && of === undefined
      ? [
          {
            subject: `${subject}.restoreCheck.cloudIdentity`,
            message: "the restore check has no identity to read the copies with",
            value: "none",
            expected: "a role that may list and read the copies, and not write them",
          },
        ]
      : []),
  ];
}

/** Each schedule, deadline and age alone. */
function checkTimes(subject: string, { schedule, maxAge, restoreCheck = {}, ...args }: BackupCronJobArgs): Problem[] {
  const checkOne = (where: string, one: string | undefined): Problem[] =>
    one === undefined ? [] : checkSchedule(where, one);
  return [
    ...checkOne(`${subject}.schedule`, schedule),
    ...checkOne(`${subject}.restoreCheck.schedule`, restoreCheck.schedule),
    ...checkSeconds(`${subject}.activeDeadlineSeconds`, args.activeDeadlineSeconds),
    ...checkSeconds(`${subject}.restoreCheck.activeDeadlineSeconds`, restoreCheck.activeDeadlineSeconds),
    ...(maxAge === undefined ? [] : checkDuration(maxAge, `${subject}.maxAge`)),
  ];
}

/** Schedules, deadlines, ages and numbers of copies that must agree. */
function checkTimesTogether(subject: string, args: BackupCronJobArgs): Problem[] {
  const { schedule = backupSchedule, maxAge, keep, restoreCheck = {} } = args;
  const { schedule: checks = restoreCheckSchedule } = restoreCheck;
  const backup = scheduled(schedule, args);
  return [
    ...checkRunTime(`${subject}.activeDeadlineSeconds`, backup),
    ...checkRunTime(`${subject}.restoreCheck.activeDeadlineSeconds`, scheduled(checks, restoreCheck)),
    ...checkCheckSchedule(`${subject}.restoreCheck.schedule`, checks, schedule),
    ...(keep === undefined ? [] : checkKeep(`${subject}.keep`, keep, schedule, checks)),
    ...(maxAge === undefined ? [] : checkMaxAge(`${subject}.maxAge`, maxAge, backup)),
  ];
}

function checkSeconds(subject: string, seconds: number | undefined): Problem[] {
  return checkCount(subject, "not a number of seconds", seconds, { least: 1 });
}
