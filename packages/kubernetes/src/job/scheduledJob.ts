import { checkedArgs, childOptions, describe, type Endpoint, recommendedLabels, throwIfAny } from "@gatehouse/core";
import * as batch from "@pulumi/kubernetes/batch/v1/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { checkJobNumbers, ignoresDisruptions, keepsItsNode } from "./jobPod.ts";
import type { ContainerArgs } from "../pod/container/container.ts";
import { NetworkAccess } from "../network/networkAccess.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { checkPod, type PodArgs, type PodIdentityArgs, podTemplate } from "../pod/pod.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import { argsSchema } from "../argsSchema.ts";

/** Retries of a run. */
const backoffLimit = 2;

/** Seconds by which a run may start late before it is skipped. */
export const startingDeadlineSeconds = 60 * 60;

export interface ScheduledJobArgs {
  namespace: pulumi.Input<string>;
  /** Name of the product. */
  partOf: string;
  schedule: string;
  timeZone: string;
  /** Seconds that a run may take, its retries included. */
  activeDeadlineSeconds: number;
  container: ContainerArgs;
  sidecars?: ContainerArgs[];
  identity: PodIdentityArgs;
  pods?: PodOptionsArgs;
  connectsTo: Endpoint[];
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
  podAnnotations?: Record<string, string>;
  /** Labels of the objects. The pods have only their own, so that no Service selects them by one that it shares. */
  labels?: Record<string, string>;
}

/** A CronJob with its own ServiceAccount and network policy. No client can connect to its pods. */
export class ScheduledJob extends pulumi.ComponentResource {
  /** Name of the ServiceAccount. */
  public readonly serviceAccountName: pulumi.Output<string>;

  constructor(name: string, args: ScheduledJobArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "ScheduledJobArgs", `${name} (ScheduledJob)`, args);
    super("gatehouse:kubernetes:ScheduledJob", name, {}, opts);
    throwIfAny([
      ...checkPod(describe(name, this), jobPod(args, name)),
      ...checkJobNumbers(describe(name, this), backoffLimit, args.activeDeadlineSeconds),
    ]);

    const existing = args.pods?.serviceAccount;
    const made = existing === undefined ? this.createServiceAccount(name, args) : undefined;
    const network = this.createNetworkAccess(name, args);
    this.createCronJob(name, args, made ? [made, network] : [network], opts);
    this.serviceAccountName = made ? made.metadata.name : pulumi.output(existing ?? name);
    this.registerOutputs({ serviceAccountName: this.serviceAccountName });
  }

  private createServiceAccount(name: string, args: ScheduledJobArgs): core.ServiceAccount {
    const metadata = this.metadata("ServiceAccount", name, args, args.serviceAccountAnnotations);
    return new core.ServiceAccount(
      `${name}-service-account`,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
  }

  private createNetworkAccess(name: string, args: ScheduledJobArgs): NetworkAccess {
    const { namespace, connectsTo } = args;
    return new NetworkAccess(
      `${name}-network`,
      { namespace, podLabels: selector(name), policyName: name, labels: objectLabels(name, args), connectsTo },
      { parent: this },
    );
  }

  private createCronJob(
    name: string,
    args: ScheduledJobArgs,
    before: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const { schedule, timeZone, activeDeadlineSeconds, podAnnotations, partOf } = args;
    const template = podTemplate(describe(name, this), {
      ...jobPod(args, args.pods?.serviceAccount ?? name),
      labels: podLabels(name, partOf),
      annotations: { ...keepsItsNode, ...podAnnotations },
      runsToCompletion: true,
    });
    const spec = {
      schedule,
      timeZone,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: objectLabels(name, args) },
        spec: { backoffLimit, activeDeadlineSeconds, podFailurePolicy: ignoresDisruptions, template },
      },
    };
    new batch.CronJob(
      `${name}-cron-job`,
      { metadata: this.metadata("CronJob", name, args), spec },
      childOptions(this, opts, { dependsOn: before }),
    );
  }

  private metadata(
    kind: string,
    name: string,
    args: ScheduledJobArgs,
    annotations?: Record<string, pulumi.Input<string>>,
  ): ReturnType<typeof objectMeta> {
    const { namespace } = args;
    return objectMeta(name, this, { kind, name, namespace, labels: objectLabels(name, args), annotations });
  }
}

function selector(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name };
}

function podLabels(name: string, partOf: string): Record<string, string> {
  return { ...recommendedLabels({ name, partOf }), ...selector(name) };
}

function objectLabels(name: string, { labels, partOf }: ScheduledJobArgs): Record<string, string> {
  return { ...labels, ...podLabels(name, partOf) };
}

function jobPod(
  { container, sidecars, identity, pods }: ScheduledJobArgs,
  serviceAccount: pulumi.Input<string>,
): PodArgs {
  return { containers: [container], sidecars, identity, serviceAccount, options: pods };
}
