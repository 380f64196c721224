import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from "node:crypto";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { runProgram } from "../support/runProgram.ts";
import { goTool } from "../tools/goTools.ts";
import { nginxRefusal, serverWith } from "./nginx.ts";
import { panelRules } from "./panelRules.ts";
import { redisRefusal } from "./redis.ts";
import type { RenderedFile } from "./renderedFile.ts";

/** What reads files of a kind. */
export interface Reader {
  program: string;
  reads: (file: RenderedFile) => boolean;
  /** What the program says against a file that lies in a directory with those beside it; nothing if it takes it. */
  refusal?: (file: RenderedFile, directory: string) => Promise<string> | string;
  /** Why the program is not asked. */
  absence?: string;
}

const isDashboard = ({ labels }: RenderedFile): boolean => labels.grafana_dashboard === "1";
const isKeySet = named(/(^|-)jwks\.json$/);
const isRules = named(/(^|[.-])rules\.ya?ml$/);
const isSecret = ({ object }: RenderedFile): boolean => object.startsWith("Secret ");

/** Every kind of file that a stack may have, each with what reads it: a file belongs to exactly one. */
export const readers: Reader[] = [
  {
    program: "nginx",
    reads: named(/(^|[.-])nginx\.conf$/),
    refusal: ({ text }, directory) => nginxRefusal(text, directory),
  },
  {
    program: "ingress-nginx",
    reads: named(/^metadata\.annotations\.nginx\.ingress\.kubernetes\.io\/(server|configuration)-snippet$/),
    refusal: ({ key, text }, directory) => nginxRefusal(serverWith(key.endsWith("server-snippet"), text), directory),
  },
  { program: "haproxy", reads: named(/(^|[.-])haproxy\.cfg$/), refusal: haproxyRefusal },
  {
    program: "redis-server",
    reads: named(/^redis\.conf$/),
    refusal: ({ key }, directory) => redisRefusal(join(directory, key), directory),
  },
  { program: "sh", reads: named(/\.(sh|command)$/), refusal: shellRefusal },
  { program: "awk", reads: named(/\.awk$/), refusal: awkRefusal },
  { program: "opa", reads: named(/\.rego$/), refusal: opaRefusal },
  {
    program: "promtool",
    reads: isRules,
    refusal: ({ key }, directory) => words("promtool", ["check", "rules", join(directory, key)]),
  },
  { program: "Grafana", reads: isDashboard, refusal: dashboardRefusal },
  { program: "a reader of key sets", reads: isKeySet, refusal: ({ text }) => thrown(() => createKeys(text)) },
  {
    program: "a reader of JSON",
    reads: (file) => named(/\.json$/)(file) && !isDashboard(file) && !isKeySet(file),
    refusal: ({ text }) => thrown(() => JSON.parse(text) as unknown),
  },
  {
    program: "a reader of YAML",
    reads: (file) => named(/\.ya?ml$/)(file) && !isRules(file),
    refusal: ({ text }) => parseDocument(text).errors.join("\n"),
  },
  {
    program: "a reader of keys and certificates",
    reads: ({ text }) => text.startsWith("-----BEGIN "),
    refusal: ({ text }) =>
      thrown(() => (text.includes("CERTIFICATE") ? new X509Certificate(text) : createPublicKey(text))),
  },
  {
    program: "psql",
    reads: named(/\.sql$/),
    absence: "it needs the database; backup.test.ts runs the files on a server",
  },
  { program: "fluentd", reads: named(/(^|[.-])fluent\.conf$/), absence: "Debian has no package of it" },
  {
    program: "the environment",
    reads: (file) => isSecret(file) && !file.key.includes(".") && !file.text.includes("\n"),
    absence: "a password or the like is any text",
  },
];

function named(pattern: RegExp): Reader["reads"] {
  return ({ key }) => pattern.test(key);
}

/** What a program prints if it fails. */
async function words(program: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { status, output } = await runProgram(program, args, { env: { ...process.env, ...env } });
  return status === 0 ? "" : output || `${basename(program)} ended with ${String(status)}`;
}

function thrown(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return String(error);
  }
}

/** With an address for each variable, as it fits a password as well. */
function haproxyRefusal({ key, text }: RenderedFile, directory: string): Promise<string> {
  const variables = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]): [string, string] => [name, "127.0.0.1"]);
  return words("haproxy", ["-dW", "-c", "-f", join(directory, key)], Object.fromEntries(variables));
}

/** A script that others source has variables that only they set or use. */
async function shellRefusal({ key, text }: RenderedFile, directory: string): Promise<string> {
  const file = join(directory, key);
  const syntax = await words("sh", ["-n", file]);
  if (syntax !== "") return syntax;
  const sourced = key.endsWith(".sh") && !text.startsWith("#!");
  const options = ["--shell=sh", "--format=gcc", "--severity=warning", "--external-sources", "--source-path=SCRIPTDIR"];
  return words("shellcheck", [...options, ...(sourced ? ["--exclude=SC2034,SC2154"] : []), file]);
}

/** Read whole, and left before it does anything. */
function awkRefusal({ key }: RenderedFile, directory: string): Promise<string> {
  return words("awk", ["-f", join(import.meta.dirname, "leave.awk"), "-f", join(directory, key)]);
}

/** With the policies beside it, which it may use. */
async function opaRefusal({ folder }: RenderedFile, directory: string): Promise<string> {
  const policies = Object.keys(folder).filter((key) => key.endsWith(".rego"));
  const opa = join(await goTool("opa"), "opa");
  return words(opa, ["check", "--strict", ...policies.map((key) => join(directory, key))]);
}

/** Grafana itself cannot be had; what Prometheus is asked by its panels can be asked. */
async function dashboardRefusal({ key, text }: RenderedFile, directory: string): Promise<string> {
  const syntax = thrown(() => JSON.parse(text) as unknown);
  if (syntax !== "") return syntax;
  return words("promtool", ["check", "rules", panelRules(text, join(directory, `${key}.rules.yaml`))]);
}

function createKeys(text: string): KeyObject[] {
  const { keys } = JSON.parse(text) as { keys: JsonWebKey[] };
  if (keys.length === 0) throw new Error("there is no key");
  return keys.map((key) => createPublicKey({ format: "jwk", key }));
}
