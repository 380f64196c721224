import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { secretPlaceholder } from "../../../packages/preview/src/render/manifests.ts";
import type { StackObjects } from "../proofs/objects.ts";
import { type Reader, readers } from "./readers.ts";
import { type RenderedFile, renderedFiles } from "./renderedFile.ts";

/** Texts of files in Secrets, which a preview does not tell, by `Secret namespace/name key`. */
export type SecretTexts = Record<string, string>;

/** The files of a stack. */
export function filesOf({ objects }: StackObjects, secrets: SecretTexts = {}): RenderedFile[] {
  return objects.flatMap(renderedFiles).map((file) => ({ ...file, text: secrets[name(file)] ?? file.text }));
}

function name({ object, key }: RenderedFile): string {
  return `${object} ${key}`;
}

/** What reads a file. */
export function readersOf(file: RenderedFile): Reader[] {
  return readers.filter((reader) => reader.reads(file));
}

/** Every file is one that a program is known to read, and that program takes it. */
export async function proveFiles(stack: StackObjects, secrets?: SecretTexts): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-files-"));
  try {
    const problems = filesOf(stack, secrets).map(async (file, index) => {
      const problem = await problemOf(file, join(directory, String(index)));
      return problem === "" ? [] : [`${stack.stack}: ${name(file)}: ${problem}`];
    });
    return (await Promise.all(problems)).flat();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function problemOf(file: RenderedFile, directory: string): Promise<string> {
  const [reader, ...more] = readersOf(file);
  if (reader === undefined) return "nothing is known to read it: the table of readers needs an entry";
  if (more.length > 0)
    return `several entries of the table of readers claim it: ${[reader, ...more].map(({ program }) => program).join(", ")}`;
  if (reader.refusal === undefined) return "";
  if (file.text === secretPlaceholder) return `its text is secret, and ${reader.program} cannot be asked`;
  mkdirSync(directory);
  // The path of a value that is no file has slashes where it is an annotation's.
  const folder = { ...file.folder, [file.key]: file.text };
  for (const [key, text] of Object.entries(folder)) writeFileSync(join(directory, basename(key)), text);
  const words = await reader.refusal(file, directory);
  return words === "" ? "" : `${reader.program} refuses it: ${words.replaceAll(`${directory}/`, "").trim()}`;
}
