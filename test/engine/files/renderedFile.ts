import { stringify } from "yaml";
import type { KubernetesObject } from "../cluster/kubernetesApi.ts";
import { title } from "../proofs/objects.ts";

/** A file that a stack makes, as the program that reads it would find it. */
export interface RenderedFile {
  /** Kind, namespace and name of the object that it is in. */
  object: string;
  /** The object's labels. */
  labels: Record<string, string>;
  /** Its name in the object, or the path of the value that it is. */
  key: string;
  text: string;
  /** The files that are mounted with it, itself among them, by their names. */
  folder: Record<string, string>;
}

/** What an object holds for others to read: its files, and every value that is one, such as a script. */
export function renderedFiles(object: KubernetesObject): RenderedFile[] {
  const { kind, metadata } = object;
  const common = { object: title(object), labels: metadata.labels ?? {} };
  const folder = folderOf(object);
  const others = kind in folders ? [] : textsWithin(object);
  return [
    ...Object.entries(folder).map(([key, text]) => ({ ...common, key, text, folder })),
    ...others.map(([key, text]) => ({ ...common, key, text, folder: { [key]: text } })),
  ];
}

/** The files of the kinds that are mounted, or that an operator makes files of. */
const folders: Record<string, (object: KubernetesObject) => Record<string, string>> = {
  ConfigMap: ({ data, binaryData }) => ({ ...asText(data), ...decoded(binaryData) }),
  Secret: ({ stringData, data }) => ({ ...asText(stringData), ...decoded(data) }),
  PrometheusRule: ({ spec }) => ({ "rules.yaml": stringify(spec) }),
};

function folderOf(object: KubernetesObject): Record<string, string> {
  return folders[object.kind]?.(object) ?? {};
}

function asText(data: unknown): Record<string, string> {
  return (data ?? {}) as Record<string, string>;
}

function decoded(data: unknown): Record<string, string> {
  const entries = Object.entries(asText(data));
  return Object.fromEntries(entries.map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}

/** The scripts of commands, the configuration in annotations, and whatever else has several lines, by their paths. */
function textsWithin(value: unknown, ...path: string[]): [string, string][] {
  const key = path.join(".");
  if (typeof value === "string") return value.includes("\n") || key.endsWith("-snippet") ? [[key, value]] : [];
  if (typeof value !== "object" || value === null) return [];
  const script = scriptOf(value);
  if (script === undefined)
    return Object.entries(value).flatMap(([name, member]) => textsWithin(member, ...path, name));
  const { command, args, ...others } = value as Record<string, unknown>;
  return [[`${key}.command`, script], ...textsWithin(others, ...path)];
}

/** What a container or a probe gives to a shell. */
function scriptOf({ command, args }: { command?: unknown; args?: unknown }): string | undefined {
  const words = [command, args].flat().map(String);
  const option = words.findIndex((word, index) => /^-\w*c$/.test(word) && /(^|\/)sh$/.test(words[index - 1] ?? ""));
  return option < 0 ? undefined : words[option + 1];
}
