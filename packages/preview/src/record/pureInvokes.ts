import { parseAllDocuments } from "yaml";
import { helmTemplate } from "./helmTemplate.ts";
import { isClusterKind } from "./kubernetesOutputs.ts";
import { containsUnknown, isWireObject, textOf } from "./wire.ts";
import type { WireObject, WireValue } from "./wire.ts";

const helmToken = "kubernetes:helm:template";

/** Provider functions whose result follows from their arguments, without a cloud, by token. */
const pureInvokes: Record<string, (args: WireObject) => WireObject | undefined> = {
  "kubernetes:yaml:decode": decodeYaml,
  [helmToken]: renderChart,
};

/** Remedies for a function without an answer, beyond a fixture, by token. */
export const missingTools: Record<string, string> = {
  [helmToken]: "the objects of a Helm chart are not known and not counted: install helm, or give them as a fixture",
};

/** The result of a function that needs no cloud, or `undefined` for any other function and for unknown arguments. */
export function pureInvoke(token: string, args: WireObject): WireObject | undefined {
  const answer = Object.hasOwn(pureInvokes, token) ? pureInvokes[token] : undefined;
  return answer === undefined || containsUnknown(args) ? undefined : answer(args);
}

/** The objects of all documents, lists included, as `yaml.ConfigFile` and `yaml.ConfigGroup` read them. */
function decodeYaml({ text, defaultNamespace }: WireObject): WireObject {
  // kubectl's reader and the provider's are of version 1.1.
  const documents = parseAllDocuments(textOf(text), { version: "1.1", merge: true });
  const objects = [...documents].flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`kubernetes:yaml:decode: ${error.message}`);
    return listed(document.toJS() as WireValue);
  });
  return { result: objects.map((object) => inNamespace(object, defaultNamespace)) };
}

/** A chart's objects; unknown without `helm`. */
function renderChart({ jsonOpts }: WireObject): WireObject | undefined {
  const rendered = helmTemplate(textOf(jsonOpts));
  return rendered && decodeYaml({ text: rendered.text, defaultNamespace: rendered.namespace });
}

function listed(value: WireValue): WireObject[] {
  if (value === null || value === undefined) return [];
  if (!isWireObject(value) || typeof value.kind !== "string" || typeof value.apiVersion !== "string") {
    throw new Error(`kubernetes:yaml:decode: a document is not a Kubernetes object: it has no apiVersion or kind`);
  }
  return value.kind.endsWith("List") && Array.isArray(value.items) ? value.items.flatMap(listed) : [value];
}

function inNamespace(object: WireObject, namespace: WireValue): WireObject {
  if (typeof namespace !== "string" || namespace === "" || isClusterKind(textOf(object.kind))) return object;
  const metadata = isWireObject(object.metadata) ? object.metadata : {};
  return metadata.namespace === undefined ? { ...object, metadata: { ...metadata, namespace } } : object;
}
