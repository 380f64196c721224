import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ContainerArgs } from "../../pod/container/container.ts";
import type { PreStopArgs } from "../../pod/container/lifecycle.ts";
import type { PodArgs } from "../../pod/pod.ts";
import { rolloutDeadlines } from "../../workload/rolloutDeadlines.ts";
import type { RedisHAArgs } from "../set/args.ts";
import { dataContainers, dataVolume, script } from "./containers.ts";
import { defaultStorage, type RedisSet } from "../set/set.ts";

/** Seconds for which an updated pod must be ready before the update goes on. */
export const minReadySeconds = 10;

/** User and group of the Redis images. */
const identity = { user: 999, group: 999 };

/** A pod of the set: a server, its Sentinel and their exporters. */
export function dataPod(
  args: RedisHAArgs,
  { pods }: RedisSet,
  files: pulumi.Input<string>,
  serviceAccount: pulumi.Input<string>,
): PodArgs {
  const { terminationGracePeriodSeconds = 60 } = args;
  const stop = (one: ContainerArgs): ContainerArgs => ({
    ...one,
    preStop: handover(one, pods, terminationGracePeriodSeconds),
  });
  return {
    containers: dataContainers(args, files, pods).map(stop),
    identity,
    serviceAccount,
    terminationGracePeriodSeconds,
    options: args.pods,
  };
}

/** The update of a set replaces one pod after another, each of which may take its whole start-up allowance. */
export function dataTimeouts({ pods }: RedisSet, pod: PodArgs): pulumi.CustomTimeouts | undefined {
  return rolloutDeadlines(pods, { maxSurge: 0, maxUnavailable: 1, minReadySeconds }, pod).customTimeouts;
}

/** A master hands over before it stops, and the Sentinel beside it stays until that is done. */
function handover({ name }: ContainerArgs, pods: number, graceSeconds: number): PreStopArgs | undefined {
  if (pods === 1 || !["redis", "sentinel"].includes(name)) return undefined;
  return { command: script("stop.sh", name), seconds: Math.max(graceSeconds - 1, 1) };
}

export function claim({
  storage: { size, storageClass } = defaultStorage,
}: RedisHAArgs): k8s.core.v1.PersistentVolumeClaim {
  return {
    metadata: { name: dataVolume.name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: storageClass,
      resources: { requests: { storage: size } },
    },
  };
}
