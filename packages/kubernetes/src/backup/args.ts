import type * as pulumi from "@pulumi/pulumi";
import type { CloudIdentityArgs } from "../pod/cloudIdentity.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import type { PodIdentityArgs } from "../pod/pod.ts";
import type { BackupDestinationArgs } from "./destination.ts";
import type { BackupSourceArgs } from "./source/source.ts";

/** Schedule and identity of the check that restores the newest backup. */
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
  /** Database or cache that is backed up. */
  source: BackupSourceArgs;
  /** Bucket or volume for the copies. */
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
   * Check that restores the newest copy, on its own schedule.
   * @default daily at 06:00
   */
  restoreCheck?: RestoreCheckArgs;
  /**
   * Requests and limits of the containers that run the tools.
   * @default 100m and 256Mi, at most 1 CPU and 512Mi, enough for a database of 100 GB
   */
  resources?: ResourcesArgs;
  /**
   * Numeric user and group. PostgreSQL starts only as a user that its image knows: 999 in the Debian images of
   * postgres, 70 in the Alpine ones.
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
