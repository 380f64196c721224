import { styleText } from "node:util";
import { compareText, hasFailed, isManaged, isPlainObject, isRemote, isSecret, isUnknown } from "../graph/graph.ts";
import type { Graph, Properties, Resource, StackGraph, Value } from "../graph/graph.ts";
import { providerTypePrefix, rootStackType } from "../graph/urn.ts";

export interface TreeOptions {
  /** Where the text goes: it is coloured if that is a terminal that shows colours, and NO_COLOR is not set. */
  stream: NodeJS.WritableStream;
  seconds: number;
}

type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

/** With more stacks than this, a table with a column for each is too wide. */
const maxColumns = 4;
const maxNameWidth = 56;
/** Characters of a line of the summary. */
const maxLineLength = 120;

const maxMessageLines = 40;

/** The graph for the person who approves it: a tree for each stack, and a summary. */
export function renderGraph(graph: Graph, { stream, seconds }: TreeOptions): string {
  const style: Style = (format, text) => styleText(format, text, { stream });
  const blocks = graph.stacks.map((stack) => renderStack(stack, style));
  return [...blocks, renderSummary(graph, seconds, style)].join("\n");
}

function renderStack(stack: StackGraph, style: Style): string {
  const shown = stack.resources.filter(isShown);
  const count = plural(shown.filter(isManaged).length, "resource");
  if (hasFailed(stack)) {
    return `${style("bold", stack.stack)}  ${style("red", `failed after ${count}`)}\n${renderDiagnostics(stack, style)}`;
  }
  const rows = treeRows(shown);
  const width = Math.min(maxNameWidth, Math.max(0, ...rows.map(({ label }) => label.length)));
  const lines = rows.map(({ prefix, resource, label }) => {
    const name = `${style("dim", prefix)}${resource.custom ? resource.name : style("bold", resource.name)}`;
    const type = style(resource.custom ? "cyan" : "bold", shortType(resource.type));
    const notes = notesOf(resource).map((note) => style("dim", `  ${note}`));
    return `${name}${" ".repeat(Math.max(0, width - label.length))}  ${type}${notes.join("")}`;
  });
  const outputs = Object.entries(stack.outputs).map(([name, value]) => `  ${name}: ${style("dim", describe(value))}`);
  return [
    `${style("bold", stack.stack)}  ${style("dim", count)}\n`,
    ...lines.map((line) => `${line}\n`),
    ...(outputs.length > 0 ? [style("dim", "outputs"), "\n", ...outputs.map((line) => `${line}\n`)] : []),
    renderDiagnostics(stack, style),
  ].join("");
}

/** The root is the stack's heading, and default providers come by themselves. */
function isShown({ type, parent }: Resource): boolean {
  return type !== rootStackType && !(type.startsWith(providerTypePrefix) && parent === null);
}

interface Row {
  prefix: string;
  resource: Resource;
  /** Prefix and name, as they are measured. */
  label: string;
}

function treeRows(resources: Resource[]): Row[] {
  const shown = new Set(resources.map(({ urn }) => urn));
  const children = new Map<string | null, Resource[]>();
  for (const resource of resources) {
    const parent = resource.parent !== null && shown.has(resource.parent) ? resource.parent : null;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [resource]);
    else siblings.push(resource);
  }
  const rows: Row[] = [];
  const add = (parent: string | null, indent: string): void => {
    // Components first: they are the outline.
    const group = [...(children.get(parent) ?? [])].sort(
      (a, b) => Number(a.custom) - Number(b.custom) || compareText(a.name, b.name) || compareText(a.type, b.type),
    );
    for (const [index, resource] of group.entries()) {
      const isLast = index === group.length - 1;
      const prefix = `${indent}${isLast ? "└─ " : "├─ "}`;
      rows.push({ prefix, resource, label: `${prefix}${resource.name}` });
      add(resource.urn, `${indent}${isLast ? "   " : "│  "}`);
    }
  };
  add(null, "");
  return rows;
}

/** "Deployment" of a Kubernetes type or a component, "aws s3 Bucket" of another provider's. */
export function shortType(type: string): string {
  const [pkg = "", module = "", name = ""] = type.split(":");
  if (type.startsWith(providerTypePrefix)) return `${name} provider`;
  if (pkg === "kubernetes" || pkg === "gatehouse" || pkg === "pulumi") return name;
  const service = module.split("/")[0] ?? "";
  return [pkg, service === "index" || service === "" ? undefined : service, name].filter(Boolean).join(" ");
}

/** The facts about a resource that are worth a glance. */
function notesOf({ type, name, inputs, options, read }: Resource): string[] {
  const notes: string[] = [];
  if (type.startsWith("kubernetes:") && typeof inputs.kind === "string") {
    const metadata = isPlainObject(inputs.metadata) ? inputs.metadata : {};
    const objectName = metadata.name === undefined ? "(named as it is created)" : describe(metadata.name);
    notes.push(metadata.namespace === undefined ? objectName : `${describe(metadata.namespace)}/${objectName}`);
    notes.push(...kubernetesNotes(inputs));
  } else {
    const physical = [inputs.name, inputs.bucket, inputs.identifier].find((value) => typeof value === "string");
    if (physical !== undefined && physical !== name) notes.push(describe(physical));
  }
  if (options.protect === true) notes.push("protected");
  if (options.retainOnDelete === true) notes.push("kept on delete");
  if (read === true) notes.push("read, not managed");
  return notes;
}

function kubernetesNotes({ spec }: Properties): string[] {
  if (!isPlainObject(spec)) return [];
  const notes: string[] = [];
  const { replicas, minReplicas, maxReplicas, schedule } = spec;
  if (typeof replicas === "number") notes.push(`x${String(replicas)}`);
  if (maxReplicas !== undefined) notes.push(`${describe(minReplicas ?? 1)} to ${describe(maxReplicas)}`);
  if (typeof schedule === "string") notes.push(schedule);
  const jobTemplate = isPlainObject(spec.jobTemplate) ? spec.jobTemplate.spec : undefined;
  const template = isPlainObject(jobTemplate) ? jobTemplate.template : spec.template;
  const podSpec = isPlainObject(template) ? template.spec : undefined;
  const containers = isPlainObject(podSpec) && Array.isArray(podSpec.containers) ? podSpec.containers : [];
  for (const container of containers) {
    if (isPlainObject(container) && container.image !== undefined) notes.push(describe(container.image));
  }
  return notes;
}

/** A value in one short line. */
function describe(value: Value): string {
  const text = plainText(value);
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 80 || line !== text ? `${line.slice(0, 79)}…` : line;
}

function plainText(value: Value): string {
  if (isSecret(value)) return "[secret]";
  if (isUnknown(value)) return "(known after deployment)";
  if (Array.isArray(value)) return `[${value.map(plainText).join(", ")}]`;
  if (!isPlainObject(value)) return String(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${plainText(inner)}`)
    .join(", ")}}`;
}

/** Messages of the program below the level of an error. Errors go to stderr, where scripts look for them. */
function renderDiagnostics({ diagnostics }: StackGraph, style: Style): string {
  const colour = { info: "dim", warning: "yellow", error: "red" } as const;
  const lines = diagnostics
    .filter(({ severity }) => severity !== "error")
    .flatMap(({ severity, message }) => {
      const [first = "", ...others] = message.split("\n");
      return [`${style(colour[severity], `${severity}:`)} ${first}\n`, ...others.map((line) => `  ${line}\n`)];
    });
  const more = lines.length > maxMessageLines ? [`  and ${plural(lines.length - maxMessageLines, "more line")}\n`] : [];
  return [...lines.slice(0, maxMessageLines), ...more].join("");
}

/** The errors of all stacks, as text for stderr. */
export function renderErrors(graph: Graph, stream: NodeJS.WritableStream): string {
  return graph.stacks
    .flatMap(({ stack, diagnostics }) =>
      diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ message, urn }) => {
          const subject = urn === undefined ? "" : `\n  resource: ${urn}`;
          return `${styleText("red", "error:", { stream })} ${stack}: ${message}${subject}\n`;
        }),
    )
    .join("");
}

function renderSummary(graph: Graph, seconds: number, style: Style): string {
  const counted = graph.stacks.filter((stack) => !hasFailed(stack));
  const failed = graph.stacks.length - counted.length;
  const counts = counted.map((stack) => ({ name: stack.stack, kinds: countKinds(stack) }));
  const total = counts.reduce((sum, { kinds }) => sum + sumOf(kinds), 0);
  const remote = counted.reduce((sum, { resources }) => sum + resources.filter(isRemote).length, 0);
  const table = counts.length <= maxColumns ? kindTable(counts) : kindLines(counts);
  const result = [
    plural(counted.length, "stack"),
    plural(total, "resource"),
    ...(remote > 0 ? [style("yellow", `${plural(remote, "remote component")} with resources that are not known`)] : []),
    ...(failed > 0 ? [style("red", `${String(failed)} failed`)] : []),
  ].join(", ");
  return `${table.map((line) => `${style("dim", line)}\n`).join("")}${style("bold", result)} in ${seconds.toFixed(1)} s\n`;
}

interface Counts {
  name: string;
  kinds: Map<string, number>;
}

function countKinds({ resources }: StackGraph): Map<string, number> {
  const kinds = new Map<string, number>();
  for (const resource of resources) {
    if (!isManaged(resource)) continue;
    const kind = shortType(resource.type);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}

function sumOf(kinds: Map<string, number>): number {
  return [...kinds.values()].reduce((sum, count) => sum + count, 0);
}

function kindTable(counts: Counts[]): string[] {
  const kinds = [...new Set(counts.flatMap(({ kinds: own }) => [...own.keys()]))].sort(compareText);
  if (kinds.length === 0) return [];
  const width = Math.max(...kinds.map((kind) => kind.length), "total".length);
  const row = (title: string, cells: string[]): string =>
    `  ${title.padEnd(width)}${cells.map((cell, index) => cell.padStart((counts[index]?.name.length ?? 0) + 2)).join("")}`;
  return [
    row(
      "",
      counts.map(({ name }) => name),
    ),
    ...kinds.map((kind) =>
      row(
        kind,
        counts.map(({ kinds: own }) => String(own.get(kind) ?? "-")),
      ),
    ),
    row(
      "total",
      counts.map(({ kinds: own }) => String(sumOf(own))),
    ),
  ];
}

function kindLines(counts: Counts[]): string[] {
  const width = Math.max(...counts.map(({ name }) => name.length));
  return counts.flatMap(({ name, kinds }) => {
    const list = [...kinds].sort(([a], [b]) => compareText(a, b)).map(([kind, count]) => `${String(count)} ${kind}`);
    const title = `  ${name.padEnd(width)}  ${String(sumOf(kinds)).padStart(4)}  `;
    return wrapList(list, maxLineLength - title.length).map(
      (line, index) => `${index === 0 ? title : " ".repeat(title.length)}${line}`,
    );
  });
}

/** A list in lines of a length, broken between its items. */
function wrapList(items: string[], length: number): string[] {
  const lines: string[] = [];
  items.forEach((item, index) => {
    const text = index < items.length - 1 ? `${item},` : item;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= length) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  });
  return lines;
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}
