import { checkName, type NameKind, nameKinds, type Problem, throwIfAny } from "@gatehouse/core";
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

/** Components by the object that they have made. */
const owners = programState(() => new Map<string, string>());

/** Two objects of one kind, namespace and name would overwrite each other, whatever Pulumi calls them. */
function claimName(owner: string, kind: string, namespace: string, name: string): Problem[] {
  if (!pulumi.runtime.getMonitor()) return [];
  const taken = owners();
  const key = [kind, namespace, name].join("/");
  const other = taken.get(key);
  taken.set(key, other ?? owner);
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

/**
 * Metadata of an object with a name of its own: the name is held against the kind's limits, and it must not be taken
 * by another component of the program.
 * @param owner How messages call the component, from `describe`.
 */
export function objectMeta(owner: string, args: ObjectMetaArgs): k8s.meta.v1.ObjectMeta {
  const { kind, name, namespace, labels = {}, annotations = {} } = args;
  throwIfAny([
    ...checkLabels(`${owner}.labels`, labels),
    ...checkAnnotationKeys(`${owner}: annotations of the ${kind}`, annotations),
  ]);
  const check = (name: string, namespace: string): string => {
    throwIfAny(checkName(nameKind(kind), name));
    throwIfAny(claimName(owner, kind, namespace, name));
    return name;
  };
  const plain = typeof name === "string" && (namespace === undefined || typeof namespace === "string");
  return {
    name: plain
      ? check(name, namespace ?? "")
      : pulumi.all([name, namespace ?? ""]).apply(([name, namespace]) => check(name, namespace)),
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
