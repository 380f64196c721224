import { mergeEnvironments, recommendedLabels } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../pod/container/container.ts";
import { preStopSeconds } from "../pod/container/lifecycle.ts";
import type { PodArgs } from "../pod/pod.ts";
import { drainSeconds, gracePeriodSeconds } from "../pod/shutdown.ts";
import { isForOneNode, temporaryDirectory } from "../pod/container/volume.ts";
import { claimVolume } from "./claims.ts";
import { type RolloutArgs, RolloutStrategy } from "./rollout.ts";
import { spiffeEnvironment, spiffeVolume } from "./spiffe.ts";
import type { WorkloadArgs } from "./workloadArgs.ts";

/** Labels that select a workload's pods. */
export function selectorLabels(name: string, { selectorLabels }: WorkloadArgs): Record<string, string> {
  return selectorLabels ?? { "app.kubernetes.io/name": name };
}

/** Labels of a workload's objects. */
export function objectLabels(name: string, args: WorkloadArgs): Record<string, string> {
  return { ...args.labels, ...recommendedLabels({ name }), ...selectorLabels(name, args) };
}

/** Number of pods without an autoscaler, where nothing else is said. */
const defaultReplicas = 2;

/** Number of pods without an autoscaler. */
export function replicasOf({ replicas = defaultReplicas }: WorkloadArgs): number {
  return replicas;
}

/** Smallest number of pods. */
export function fewestPods(args: WorkloadArgs): number {
  return args.scaling?.minReplicas ?? replicasOf(args);
}

/** Largest number of pods, without those of an update. */
export function mostPods(args: WorkloadArgs): number {
  return args.scaling?.maxReplicas ?? replicasOf(args);
}

/**
 * Replacement of the pods: one node alone can mount some claims, so the old pod has to go first. A StatefulSet replaces
 * one pod after another, so a single one is gone for a while.
 */
export function rolloutOf(args: WorkloadArgs): RolloutArgs {
  const { rollout, claims, volumes = [], sidecars = [] } = args;
  if (claims) return fewestPods(args) > 1 ? { maxSurge: 0, maxUnavailable: 1 } : { strategy: RolloutStrategy.Recreate };
  const all = [...volumes, ...sidecars.flatMap((one) => one.volumes ?? [])];
  return rollout ?? (all.some(isForOneNode) ? { strategy: RolloutStrategy.Recreate } : {});
}

/** Seconds that a workload's pods have to stop. */
export function graceOf({ shutdown, preStop, sidecars = [] }: WorkloadArgs): number {
  const main = preStop && { ...shutdown, drainSeconds: preStop.seconds };
  return gracePeriodSeconds(main ?? shutdown, sidecars.map(preStopSeconds));
}

/** A workload's pods. */
export function workloadPod(name: string, args: WorkloadArgs, serviceAccount: Input<string>): PodArgs {
  return {
    containers: [mainContainer(name, args)],
    sidecars: args.sidecars,
    identity: args.identity,
    serviceAccount,
    mountServiceAccountToken: args.mountServiceAccountToken,
    shareProcessNamespace: args.shareProcessNamespace,
    terminationGracePeriodSeconds: graceOf(args),
    options: args.pods,
  };
}

/** The main container of a workload's pods. */
export function mainContainer(name: string, args: WorkloadArgs): ContainerArgs {
  const { connectsTo = [], temporaryDirectories = ["/tmp"], claims = [], volumes = [], spiffe } = args;
  return {
    name,
    image: args.image,
    command: args.command,
    arguments: args.arguments,
    environment: mergeEnvironments(
      ...connectsTo.map((server) => server.environment),
      spiffe && spiffeEnvironment(spiffe),
      args.environment,
    ),
    environmentFrom: args.environmentFrom,
    ports: args.ports,
    resources: args.resources,
    readiness: args.readiness,
    liveness: args.liveness ?? {},
    startup: args.startup,
    volumes: [
      ...temporaryDirectories.map(temporaryDirectory),
      ...(spiffe ? [spiffeVolume(spiffe)] : []),
      ...claims.map(claimVolume),
      ...volumes,
    ],
    preStopSleepSeconds: args.preStop ? undefined : drainSeconds(args.shutdown),
    preStop: args.preStop,
    postStart: args.postStart,
  };
}
