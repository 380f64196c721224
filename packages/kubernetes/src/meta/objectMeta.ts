import { checkName, describe, InputError, type NameKind, nameKinds, type Problem, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkAnnotationKeys, checkLabels } from "./labels.ts";
import { programState } from "./programState.ts";
import { readable } from "./readable.ts";

/** What an object is called, and by what it is found. */
export interface ObjectMetaArgs {
  /** Kind as Kubernetes spells it. */
  kind: string;
  name: pulumi.Input<string>;
  /** Absent for what belongs to the cluster. */
  namespace?: pulumi.Input<string>;
  labels?: Record<string, pulumi.Input<string>>;
  annotations?: Record<string, pulumi.Input<string>>;
}

const objectKinds = new Set<string>(nameKinds);

/** The limit of a kind that has one of its own, or of objects in general. */
function nameKind(kind: string): NameKind {
  const own = `kubernetes:${kind}`;
  return objectKinds.has(own) ? (own as NameKind) : "kubernetes:Object";
}

/** What the program's components have made. */
interface Made {
  /** Components by the object that they have made. */
  owners: Map<string, string>;
  /** What is wrong with components of which there are two, by their name. */
  namesakes: Map<string, InputError>;
}

const made = programState((): Made => ({ owners: new Map(), namesakes: new Map() }));

/**
 * Checks that no other component has made the object: two objects of one kind, namespace and name would overwrite each
 * other, whatever Pulumi calls them.
 */
function claimName(owner: string, kind: string, namespace: string, name: string): Problem[] {
  if (!pulumi.runtime.getMonitor()) return [];
  const { owners } = made();
  const key = [kind, namespace, name].join("/");
  const other = owners.get(key);
  owners.set(key, other ?? owner);
  if (other === undefined) return [];
  return [
    {
      subject: owner,
      message: `${other} has already made the ${kind} of this name`,
      value: namespace ? `${namespace}/${name}` : name,
      expected: "one owner for each object",
      fix: "give one of the two components another name or another namespace",
    },
  ];
}

/** Whether the object is of a component of the same class and name. */
function isOfNamesake(owner: string, kind: string, namespace: string, name: string): boolean {
  return made().owners.get([kind, namespace, name].join("/")) === owner;
}

/**
 * A name that is refused once Pulumi has taken the component. Pulumi refuses a second component of the same class and name
 * itself, unless its parent differs, and one cause should have one message. For the same reason all objects of the component
 * and of its children are refused by one error, which Pulumi prints once.
 */
function refusedLater(name: string, component: pulumi.Resource, problems: Problem[]): pulumi.Output<string> {
  const { namesakes } = made();
  const [, known] = [...namesakes].find(([parent]) => name === parent || name.startsWith(`${parent}-`)) ?? [];
  const error = known ?? new InputError(problems);
  namesakes.set(name, error);
  return component.urn.apply((): string => {
    throw error;
  });
}

/**
 * Metadata of an object with a name of its own: the name is checked against the kind's limits, and it must not be taken
 * by another component of the program.
 *
 * @param componentName Name of the component.
 * @param component The component that makes the object.
 * @throws InputError if the API server would refuse it, or another component has made it.
 */
export function objectMeta(
  componentName: string,
  component: pulumi.Resource,
  { kind, name, namespace, labels = {}, annotations = {} }: ObjectMetaArgs,
): k8s.meta.v1.ObjectMeta {
  const owner = describe(componentName, component);
  throwIfAny([
    ...checkLabels(`${owner}.labels`, labels),
    ...checkAnnotationKeys(`${owner}: annotations of the ${kind}`, annotations),
  ]);
  const check = (name: string, namespace: string): pulumi.Input<string> => {
    throwIfAny(checkName(nameKind(kind), name));
    const isNamesakes = isOfNamesake(owner, kind, namespace, name);
    const problems = claimName(owner, kind, namespace, name);
    if (isNamesakes) return refusedLater(componentName, component, problems);
    throwIfAny(problems);
    return name;
  };
  const plain = typeof name === "string" && (namespace === undefined || typeof namespace === "string");
  return {
    name: plain
      ? check(name, namespace ?? "")
      : pulumi.all([name, namespace ?? ""]).apply(([name, namespace]) => pulumi.output(check(name, namespace))),
    namespace,
    labels: orAbsent(labels),
    annotations: orAbsent(readableValues(`${owner}: annotations of the ${kind}`, annotations)),
  };
}

function orAbsent<T>(members: Record<string, T>): Record<string, T> | undefined {
  return Object.keys(members).length > 0 ? members : undefined;
}

/** Values that anybody who may read the object can read, each by the name of its key. */
export function readableValues(
  subject: string,
  values: Record<string, pulumi.Input<string>>,
): Record<string, pulumi.Input<string>> {
  const fix = "put the value into a Secret";
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, readable(`${subject}.${key}`, value, fix)]),
  );
}
