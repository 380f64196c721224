import { checkedArgs, type Problem, throwIfAny } from "@gatehouse/core";
import { argsSchema } from "../../argsSchema.ts";
import { programState } from "../../meta/programState.ts";
import { checkPodOptions } from "./podOptionsChecks.ts";
import type { PodOptionsArgs } from "./podOptions.ts";

/** The program's defaults, and the component that made pods first. */
interface Defaults {
  options?: PodOptionsArgs;
  firstPod?: string;
}

const defaults = programState<Defaults>(() => ({}));

/**
 * Sets options of all pods of the program. Call it once, before the first component. A component's own `pods` are added:
 * its lists follow these, its maps' keys and its single values win.
 *
 * @throws InputError if the options have problems, if defaults are set already, or if a component has made pods.
 */
export function podDefaults(options: PodOptionsArgs): void {
  const subject = "podDefaults";
  const checked = checkedArgs(argsSchema, "PodOptionsArgs", subject, options);
  const state = defaults();
  throwIfAny([...checkOrder(subject, state), ...checkShared(subject, checked), ...checkPodOptions(subject, checked)]);
  state.options = checked;
}

function checkOrder(subject: string, { options, firstPod }: Defaults): Problem[] {
  return [
    ...(options
      ? [{ subject, message: "the defaults are set twice", expected: "one call", fix: "merge the two calls" }]
      : []),
    ...(firstPod === undefined
      ? []
      : [
          {
            subject,
            message: `${firstPod} has made its pods already, without these defaults`,
            expected: "the defaults before the first component",
            fix: "move the call to the beginning of the program",
          },
        ]),
  ];
}

function checkShared(subject: string, { serviceAccount }: PodOptionsArgs): Problem[] {
  if (serviceAccount === undefined) return [];
  return [
    {
      subject: `${subject}.serviceAccount`,
      message: "all programs would have one identity, so each could do what any of them may",
      expected: "no ServiceAccount in the defaults",
      fix: "give each component its own: pods: { serviceAccount }",
    },
  ];
}

/** A component's options, completed by the program's defaults. */
export function completedOptions(subject: string, own: PodOptionsArgs = {}): PodOptionsArgs {
  const state = defaults();
  state.firstPod ??= subject;
  const { options } = state;
  return options ? mergeOptions(options, own) : own;
}

function mergeOptions(base: PodOptionsArgs, own: PodOptionsArgs): PodOptionsArgs {
  return {
    ...base,
    ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
    imagePullSecrets: both(base.imagePullSecrets, own.imagePullSecrets),
    podAffinity: both(base.podAffinity, own.podAffinity),
    podAntiAffinity: both(base.podAntiAffinity, own.podAntiAffinity),
    tolerations: both(base.tolerations, own.tolerations),
    hostAliases: both(base.hostAliases, own.hostAliases),
    initContainers: both(base.initContainers, own.initContainers),
    supplementalGroups: both(base.supplementalGroups, own.supplementalGroups),
    nodeSelector: merged(base.nodeSelector, own.nodeSelector),
    labels: merged(base.labels, own.labels),
    annotations: merged(base.annotations, own.annotations),
  };
}

function both<T>(base: T[] | undefined, own: T[] | undefined): T[] | undefined {
  return base && own ? [...new Set([...base, ...own])] : (own ?? base);
}

function merged<T>(
  base: Record<string, T> | undefined,
  own: Record<string, T> | undefined,
): Record<string, T> | undefined {
  return base && own ? { ...base, ...own } : (own ?? base);
}
