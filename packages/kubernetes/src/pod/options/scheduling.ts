import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkLabelKey, checkLabels, checkLabelValue } from "../../meta/labels.ts";

/** Relation between a node's label and the given values. */
export const NodeOperator = {
  In: "In",
  NotIn: "NotIn",
  Exists: "Exists",
  DoesNotExist: "DoesNotExist",
  Gt: "Gt",
  Lt: "Lt",
} as const;
export type NodeOperator = (typeof NodeOperator)[keyof typeof NodeOperator];

/** One condition on the labels of a node. */
export interface NodeRequirementArgs {
  /** Key of the label. */
  key: string;
  /**
   * Relation between the label and `values`.
   * @default In, or Exists without values
   */
  operator?: NodeOperator;
  /**
   * Values that the label is compared with.
   * @default none
   */
  values?: string[];
}

/** Nodes that are preferred, as far as they have room. */
export interface NodePreferenceArgs {
  /** Weight from 1 to 100, added to the scores of the nodes that meet all requirements. */
  weight: number;
  /** Conditions that such a node meets. */
  requirements: NodeRequirementArgs[];
}

/** Nodes that pods need or prefer. */
export interface NodeAffinityArgs {
  /**
   * Conditions that a node must meet, all of them.
   * @default none
   */
  required?: NodeRequirementArgs[];
  /**
   * Nodes that are preferred.
   * @default none
   */
  preferred?: NodePreferenceArgs[];
}

/** Other pods, and the part of the cluster in which these pods are near to them or away from them. */
export interface PodAffinityArgs {
  /** Labels of the other pods. */
  labels: Record<string, string>;
  /**
   * Namespaces of the other pods.
   * @default the pods' own namespace
   */
  namespaces?: string[];
  /**
   * Label of the nodes that stands for the part of the cluster.
   * @default "kubernetes.io/hostname": the node
   */
  topologyKey?: string;
  /**
   * Weight from 1 to 100 of a preference.
   * @default none: required
   */
  weight?: number;
}

/** Effect of a taint. */
export const TaintEffect = {
  NoSchedule: "NoSchedule",
  PreferNoSchedule: "PreferNoSchedule",
  NoExecute: "NoExecute",
} as const;
export type TaintEffect = (typeof TaintEffect)[keyof typeof TaintEffect];

/** Taint of nodes that pods tolerate. */
export interface TolerationArgs {
  /** Key of the taint. */
  key: string;
  /**
   * Value of the taint.
   * @default any value
   */
  value?: string;
  /**
   * Effect of the taint.
   * @default every effect
   */
  effect?: TaintEffect;
  /**
   * Seconds that a running pod stays on a node that gets the taint; for the effect NoExecute.
   * @default for as long as the node has the taint
   */
  seconds?: number;
}

/** Checks conditions that the API server would refuse. */
export function checkNodeAffinity(subject: string, { required = [], preferred = [] }: NodeAffinityArgs): Problem[] {
  return [
    ...required.flatMap((one) => checkRequirement(`${subject}.required.${one.key}`, one)),
    ...preferred.flatMap(({ weight, requirements }, index) => [
      ...checkWeight(`${subject}.preferred[${index}].weight`, weight),
      ...requirements.flatMap((one) => checkRequirement(`${subject}.preferred[${index}].${one.key}`, one)),
    ]),
  ];
}

/** Operators that compare numbers. */
const numbers = new Set<NodeOperator>([NodeOperator.Gt, NodeOperator.Lt]);

function checkRequirement(subject: string, { values = [], ...one }: NodeRequirementArgs): Problem[] {
  const operator = operatorOf({ ...one, values });
  const syntax = checkLabelKey(subject, one.key);
  const expected = {
    In: "one value or more",
    NotIn: "one value or more",
    Exists: "no values",
    DoesNotExist: "no values",
    Gt: "one whole number",
    Lt: "one whole number",
  }[operator];
  const fits = {
    "one value or more": values.length > 0,
    "no values": values.length === 0,
    "one whole number": values.length === 1 && values.every((value) => /^-?\d+$/.test(value)),
  }[expected];
  if (fits)
    return [
      ...syntax,
      ...(numbers.has(operator) ? [] : values.flatMap((one) => checkLabelValue(`${subject}.values`, one))),
    ];
  const value = values.length > 0 ? values.join(", ") : "none";
  return [
    ...syntax,
    { subject: `${subject}.values`, message: `the values do not fit the operator ${operator}`, value, expected },
  ];
}

/** Checks the weights of affinities. */
export function checkPodAffinity(subject: string, affinities: PodAffinityArgs[] = []): Problem[] {
  return affinities.flatMap(({ labels, weight }, index) => [
    ...checkWeight(`${subject}[${index}].weight`, weight),
    ...checkLabels(`${subject}[${index}].labels`, labels),
    ...(Object.keys(labels).length > 0
      ? []
      : [
          {
            subject: `${subject}[${index}].labels`,
            message: "an affinity without a label selects every pod of the namespace",
            expected: "one label or more",
          },
        ]),
  ]);
}

function checkWeight(subject: string, weight: number | undefined): Problem[] {
  return checkCount(subject, "not a weight of the scheduler", weight, { least: 1, most: 100 });
}

/** Checks tolerations that the API server would refuse. */
export function checkTolerations(subject: string, tolerations: TolerationArgs[] = []): Problem[] {
  return tolerations.flatMap(({ key, value, effect, seconds }) => [
    ...checkLabelKey(`${subject}.${key}`, key, "taint"),
    ...(value === undefined ? [] : checkLabelValue(`${subject}.${key}.value`, value)),
    ...checkCount(`${subject}.${key}.seconds`, "not a number of seconds", seconds, { least: 0 }),
    ...(seconds === undefined || effect === TaintEffect.NoExecute
      ? []
      : [
          {
            subject: `${subject}.${key}.seconds`,
            message: "only a taint with the effect NoExecute removes running pods, so nothing waits for these seconds",
            value: `seconds ${seconds}, effect ${effect ?? "not given"}`,
            expected: `effect ${TaintEffect.NoExecute}, or no seconds`,
          },
        ]),
  ]);
}

function operatorOf({ operator, values = [] }: NodeRequirementArgs): NodeOperator {
  return operator ?? (values.length > 0 ? NodeOperator.In : NodeOperator.Exists);
}

function requirement(args: NodeRequirementArgs): k8s.core.v1.NodeSelectorRequirement {
  return { key: args.key, operator: operatorOf(args), values: args.values };
}

/** Node affinity as the API server takes it. */
export function nodeAffinity({ required = [], preferred = [] }: NodeAffinityArgs): k8s.core.v1.NodeAffinity {
  return {
    ...(required.length > 0 && {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: required.map(requirement) }],
      },
    }),
    ...(preferred.length > 0 && {
      preferredDuringSchedulingIgnoredDuringExecution: preferred.map(({ weight, requirements }) => ({
        weight,
        preference: { matchExpressions: requirements.map(requirement) },
      })),
    }),
  };
}

/** Terms of an affinity or an anti-affinity between pods. */
export interface PodTerms {
  requiredDuringSchedulingIgnoredDuringExecution?: k8s.core.v1.PodAffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: k8s.core.v1.WeightedPodAffinityTerm[];
}

/** Affinities as terms, after those that there are already. */
export function podTerms(affinities: PodAffinityArgs[] = [], before: PodTerms = {}): PodTerms | undefined {
  const term = ({
    labels,
    namespaces,
    topologyKey = "kubernetes.io/hostname",
  }: PodAffinityArgs): k8s.core.v1.PodAffinityTerm => ({
    labelSelector: { matchLabels: labels },
    namespaces,
    topologyKey,
  });
  const required = [
    ...(before.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...affinities.filter(({ weight }) => weight === undefined).map(term),
  ];
  const preferred = [
    ...(before.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    ...affinities.flatMap((one) =>
      one.weight === undefined ? [] : [{ weight: one.weight, podAffinityTerm: term(one) }],
    ),
  ];
  if (required.length + preferred.length === 0) return undefined;
  return {
    ...(required.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: required }),
    ...(preferred.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: preferred }),
  };
}

/** A toleration as the API server takes it. */
export function toleration({ key, value, effect, seconds }: TolerationArgs): k8s.core.v1.Toleration {
  return {
    key,
    operator: value === undefined ? "Exists" : "Equal",
    ...(value !== undefined && { value }),
    ...(effect && { effect }),
    ...(seconds !== undefined && { tolerationSeconds: seconds }),
  };
}
