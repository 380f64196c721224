import {
  checkDuration,
  checkedArgs,
  contentHash,
  describe,
  type Endpoint,
  type EnvironmentArgs,
  type JsonValue,
  parseDuration,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import * as batch from "@pulumi/kubernetes/batch/v1/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { checkJobNumbers, ignoresDisruptions, keepsItsNode } from "./jobPod.ts";
import { checkNetworkAccess, NetworkAccess } from "../network/networkAccess.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { checkPod, type PodArgs, type PodIdentityArgs, podTemplate } from "../pod/pod.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import type { EnvironmentSourceArgs } from "../pod/container/environmentSource.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import { temporaryDirectory, type VolumeArgs } from "../pod/container/volume.ts";
import { argsSchema } from "../argsSchema.ts";

export interface MigrationJobArgs {
  /** Namespace of the Job. */
  namespace: pulumi.Input<string>;
  /** Image with the migrations: the program's own. */
  image: pulumi.Input<string>;
  /** Command that migrates. It must be safe to run twice. */
  command: pulumi.Input<string>[];
  /**
   * The program's whole environment, because its settings may not load without it.
   * @default none
   */
  environment?: EnvironmentArgs;
  /**
   * ConfigMaps and Secrets, each of whose keys becomes a variable. Variables of `environment` win.
   * @default none
   */
  environmentFrom?: EnvironmentSourceArgs[];
  /** Requests and limits. */
  resources: ResourcesArgs;
  /** Numeric user and group. */
  identity: PodIdentityArgs;
  /**
   * Services that it connects to, such as the database.
   * @default none: only DNS
   */
  connectsTo?: Endpoint[];
  /**
   * Directories that the program writes to; the root file system is read-only.
   * @default ["/tmp"]
   */
  temporaryDirectories?: string[];
  /**
   * Further volumes.
   * @default none
   */
  volumes?: VolumeArgs[];
  /**
   * Number of times that a failed pod is replaced before the Job fails. Pods that a drain has ended do not count.
   * @default 3
   */
  backoffLimit?: number;
  /**
   * Seconds after which the Job fails.
   * @default 600
   */
  activeDeadlineSeconds?: number;
  /**
   * Whether Argo CD runs the Job anew in each sync, if you give it the rendered manifests. The Job is a Sync hook, so its
   * sync wave decides when it runs: after its Secret and its network policy, before the program. Only Argo CD reads the
   * annotations.
   * @default true
   */
  argoCdHook?: boolean;
  /**
   * Settings of the pods that follow from the cluster or the organization.
   * @default those of `podDefaults`
   */
  pods?: PodOptionsArgs;
  /**
   * Further labels of the objects. The pods have only their own, so that no Service or budget selects them by one that
   * it shares.
   * @default none
   */
  labels?: Record<string, string>;
}

/**
 * A Job that migrates the database before the program that needs it starts: let the program depend on it. It is named
 * by a hash of what it runs, so that it runs once for each change and never again without one. A Job that has failed
 * fails the update and runs again with the next.
 */
export class MigrationJob extends pulumi.ComponentResource {
  /** Name of the Job, known once it has succeeded. */
  public readonly jobName: pulumi.Output<string>;

  constructor(name: string, args: MigrationJobArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "MigrationJobArgs", `${name} (MigrationJob)`, args);
    super("gatehouse:kubernetes:MigrationJob", name, {}, opts);
    throwIfAny(checkMigration(describe(name, this), name, args, opts));

    const serviceAccount = args.pods?.serviceAccount === undefined ? [this.createServiceAccount(name, args)] : [];
    const network = this.createNetworkAccess(name, args);
    const job = this.createJob(name, args, [...serviceAccount, network], opts);
    this.jobName = job.metadata.name;
    this.registerOutputs({ jobName: this.jobName });
  }

  private createServiceAccount(name: string, { namespace, labels }: MigrationJobArgs): core.ServiceAccount {
    const metadata = objectMeta(name, this, { kind: "ServiceAccount", name, namespace, labels });
    return new core.ServiceAccount(
      `${name}-service-account`,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
  }

  private createNetworkAccess(name: string, { namespace, connectsTo, labels }: MigrationJobArgs): NetworkAccess {
    return new NetworkAccess(
      `${name}-network`,
      { namespace, podLabels: podLabels(name), policyName: name, labels, connectsTo },
      { parent: this },
    );
  }

  private createJob(
    name: string,
    args: MigrationJobArgs,
    before: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): batch.Job {
    const {
      namespace,
      labels,
      backoffLimit = defaultRetries,
      activeDeadlineSeconds = defaultDeadlineSeconds,
      argoCdHook = true,
    } = args;
    const template = podTemplate(describe(name, this), {
      ...jobPod(args, args.pods?.serviceAccount ?? name),
      labels: podLabels(name),
      annotations: keepsItsNode,
      runsToCompletion: true,
    });
    const spec = {
      backoffLimit,
      activeDeadlineSeconds,
      podFailurePolicy: ignoresDisruptions,
      template,
    };
    const metadata = objectMeta(name, this, {
      kind: "Job",
      // A Job's template cannot be changed, so another template is another Job.
      name: pulumi.jsonStringify(spec).apply((text) => `${name}-${contentHash(JSON.parse(text) as JsonValue)}`),
      namespace,
      labels,
      annotations: {
        "pulumi.com/replaceUnready": "true",
        ...(argoCdHook && argoCdAnnotations),
      },
    });
    return new batch.Job(
      `${name}-job`,
      { metadata, spec },
      pulumi.mergeOptions(
        {
          dependsOn: opts?.dependsOn,
          // The provider waits ten minutes by default, and would give up on a Job that may take longer.
          customTimeouts: opts?.customTimeouts ?? { create: `${activeDeadlineSeconds + awaitMarginSeconds}s` },
        },
        { parent: this, dependsOn: before, hooks: { onError: hooksAreKnown() ? [howToReadTheLog(name)] : [] } },
      ),
    );
  }
}

/** Retries, where nothing else is said. */
const defaultRetries = 3;

/** Seconds that a migration may take, where nothing else is said. */
const defaultDeadlineSeconds = 600;

/**
 * A PreSync hook would run before the Secret and the network policy that it needs are there. Argo CD deletes the Job of
 * the last sync before it creates the next, since a Job's template cannot be changed.
 */
const argoCdAnnotations = {
  "argocd.argoproj.io/hook": "Sync",
  "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
};

/** Seconds in which the failure of a Job at its deadline is still seen as that. */
const awaitMarginSeconds = 60;

/** The Job's name is a label of its pods, and ends in a hyphen and a hash. */
const longestName = 63 - 9;

function checkMigration(
  subject: string,
  name: string,
  args: MigrationJobArgs,
  opts: pulumi.ComponentResourceOptions = {},
): Problem[] {
  const { command, connectsTo = [] } = args;
  const { backoffLimit = defaultRetries, activeDeadlineSeconds = defaultDeadlineSeconds } = args;
  return [
    ...(name.length > longestName
      ? [
          {
            subject,
            message: `the name is ${name.length} characters long, and the Job's name ends in a hash of what it runs`,
            value: name,
            expected: `at most ${longestName} characters`,
          },
        ]
      : []),
    ...(command.length === 0
      ? [
          {
            subject: `${subject}.command`,
            message: "without a command the image's own would run, which serves and never ends",
            expected: "the command that migrates",
          },
        ]
      : []),
    ...checkJobNumbers(subject, backoffLimit, activeDeadlineSeconds),
    ...checkTimeouts(subject, activeDeadlineSeconds, opts),
    ...checkPod(subject, jobPod(args, name)),
    ...checkNetworkAccess(subject, connectsTo, []),
  ];
}

function checkTimeouts(
  subject: string,
  deadline: number,
  { customTimeouts: { create } = {} }: pulumi.ComponentResourceOptions,
): Problem[] {
  if (create === undefined || checkDuration(create, subject).length > 0) return [];
  if (parseDuration(create) >= deadline * 1_000) return [];
  return [
    {
      subject: `${subject}.activeDeadlineSeconds`,
      message: "Pulumi gives the migration up before its own deadline, while it still runs",
      value: `activeDeadlineSeconds ${deadline}, customTimeouts.create ${create}`,
      expected: `customTimeouts.create of ${deadline}s or more`,
      fix: "raise customTimeouts.create, or lower activeDeadlineSeconds",
    },
  ];
}

/** Labels of its own, so that no Service sends requests to the Job's pods. */
function podLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

function jobPod(args: MigrationJobArgs, serviceAccount: pulumi.Input<string>): PodArgs {
  const { image, command, environment, environmentFrom, resources, identity, pods } = args;
  const { temporaryDirectories = ["/tmp"], volumes = [] } = args;
  return {
    containers: [
      {
        name: "migrate",
        image,
        command,
        environment,
        environmentFrom,
        resources,
        volumes: [...temporaryDirectories.map(temporaryDirectory), ...volumes],
      },
    ],
    identity,
    serviceAccount,
    options: pods,
  };
}

interface JobInputs {
  metadata?: { name?: string; namespace?: string };
}

/** The SDK's mocks know nothing of hooks: a program's own tests would never end waiting for one. */
function hooksAreKnown(): boolean {
  const monitor = pulumi.runtime.getMonitor();
  return monitor !== undefined && "registerErrorHook" in monitor;
}

/** Says, when the Job fails, which one it is and how to read why; the update then fails as it would have. */
export function howToReadTheLog(name: string): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`${name}-failed`, async ({ newInputs, failedOperation }) => {
    if (failedOperation === "delete") return false;
    const { metadata: { name: job = name, namespace = "default" } = {} } = (newInputs ?? {}) as JobInputs;
    await pulumi.log.error(
      `The migration failed, and nothing that depends on it was changed. Its log: kubectl -n ${namespace} logs job/${job}. ` +
        "The next update runs it again.",
    );
    return false;
  });
}
