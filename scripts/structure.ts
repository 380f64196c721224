/** Checks what a folder and a file may hold. `npm run lint` runs it after the rules of `.dependency-cruiser.js`. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const mostFiles = 12;
const mostLines = 400;

/** A comment that lets a long file pass, at its very beginning. */
const reason = /^\/\/ (Generated from|One file because) \S/;

export interface SourceFile {
  /** Relative to the repository's root. */
  path: string;
  text: string;
}

/** Folders that directly hold more than a dozen files, and files above 400 lines that give no reason. */
export function structureProblems(files: SourceFile[]): string[] {
  const folders = Map.groupBy(files, ({ path }) => dirname(path));
  const full = [...folders]
    .filter(([, { length }]) => length > mostFiles)
    .map(
      ([folder, { length }]) =>
        `${folder}: ${length} files; at most ${mostFiles}: group them by subject in sub-folders`,
    );
  const long = files
    .map(({ path, text }) => ({ path, text, lines: text.split("\n").length - 1 }))
    .filter(({ text, lines }) => lines > mostLines && !reason.test(text))
    .map(
      ({ path, lines }) =>
        `${path}: ${lines} lines; at most ${mostLines}: split it by subject, or begin it with "// One file because ..."`,
    );
  return [...full, ...long].sort();
}

if (import.meta.main) {
  const root = join(import.meta.dirname, "..");
  const paths = globSync(["packages/*/src/**/*.ts", "stacks/**/*.ts", "scripts/**/*.ts"], { cwd: root });
  const problems = structureProblems(paths.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") })));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
