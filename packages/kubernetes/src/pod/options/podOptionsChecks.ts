import { checkCount, checkName, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import { checkAnnotationKeys, checkLabels } from "../../meta/labels.ts";
import type { PodOptionsArgs } from "./podOptions.ts";
import { checkHostAliases, checkPodDns } from "./resolution.ts";
import { checkNodeAffinity, checkPodAffinity, checkTolerations } from "./scheduling.ts";

/** Checks pod options that the API server would refuse. Init containers are checked with the pod's other containers. */
export function checkPodOptions(subject: string, options: PodOptionsArgs): Problem[] {
  const { imagePullSecrets = [], nodeAffinity, dns, labels = {}, supplementalGroups = [] } = options;
  const { nodeSelector = {}, annotations = {} } = options;
  const { priorityClass, runtimeClass, serviceAccount } = options;
  return [
    ...imagePullSecrets.flatMap((name) => checkObjectName(`${subject}.imagePullSecrets`, name)),
    ...checkObjectName(`${subject}.priorityClass`, priorityClass),
    ...checkObjectName(`${subject}.runtimeClass`, runtimeClass),
    ...checkObjectName(`${subject}.serviceAccount`, serviceAccount),
    ...(nodeAffinity ? checkNodeAffinity(`${subject}.nodeAffinity`, nodeAffinity) : []),
    ...checkPodAffinity(`${subject}.podAffinity`, options.podAffinity),
    ...checkPodAffinity(`${subject}.podAntiAffinity`, options.podAntiAffinity),
    ...checkTolerations(`${subject}.tolerations`, options.tolerations),
    ...(dns ? checkPodDns(`${subject}.dns`, dns) : []),
    ...checkHostAliases(`${subject}.hostAliases`, options.hostAliases),
    ...checkLabels(`${subject}.labels`, labels),
    ...checkLabels(`${subject}.nodeSelector`, nodeSelector),
    ...checkAnnotationKeys(`${subject}.annotations`, annotations),
    ...supplementalGroups.flatMap((group) =>
      checkCount(`${subject}.supplementalGroups`, "not a group id", group, { least: 1 }),
    ),
  ];
}

function checkObjectName(subject: string, name: Input<string> | undefined): Problem[] {
  if (typeof name !== "string") return [];
  return checkName("kubernetes:Object", name, subject);
}
