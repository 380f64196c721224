import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../proofs/objects.ts";

/** Programs whose commands the docs name in the middle of a sentence. */
const programs = [
  ...["aws", "az", "bash", "curl", "dig", "docker", "gatehouse", "gcloud", "git", "go", "helm", "kubectl"],
  ...["npm", "npx", "opa", "openssl", "psql", "pulumi", "redis-cli", "sh"],
];

const inline = new RegExp(String.raw`^(${programs.join("|")}) \S`);
const fence = /^ *```(\w*)\n(.*?)^ *```/gms;

/** The commands of a text in Markdown: the lines of its shell blocks, and the commands in its sentences. */
export function commandsOf(text: string): string[] {
  const blocks = [...text.matchAll(fence)]
    .filter(([, language]) => language === "sh")
    .flatMap(([, , body = ""]) => body.replaceAll(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.replace(/ +# .*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const sentences = [...text.replaceAll(fence, "").matchAll(/`([^`\n]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) => inline.test(code));
  return [...new Set([...blocks, ...sentences])];
}

/** The commands of the README and of all docs. */
export function docsCommands(): string[] {
  const files = ["README.md", ...globSync("docs/*.md", { cwd: repository })];
  return [...new Set(files.flatMap((file) => commandsOf(readFileSync(join(repository, file), "utf8"))))];
}
