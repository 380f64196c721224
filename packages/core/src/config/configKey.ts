import type { Problem } from "../errors/problem.ts";

/** Where a value is: the key without its namespace, then member names and list indices. */
export type Path = readonly [key: string, ...rest: (string | number)[]];

/** The path as Pulumi writes it: `shield:keys.previous[0].kid`. */
export function printPath(product: string, path: Path): string {
  const [key, ...rest] = path;
  return `${product}:${key}${rest.map(printStep).join("")}`;
}

/**
 * The command that sets a value; without one it asks for it, so that a secret stays out of the shell's history.
 *
 * @param mode `secret` encrypts the value, `plain` stores one in clear text that was encrypted before.
 */
export function setCommand(product: string, path: Path, value?: string, mode?: "secret" | "plain"): string {
  const flags = mode === "secret" ? ["--secret"] : mode === "plain" ? ["--plaintext"] : [];
  return command("set", product, path, flags, value === undefined ? [] : [quote(value)]);
}

/** The command that removes a value. */
export function removeCommand(product: string, path: Path): string {
  return command("rm", product, path);
}

/** A problem whose commands, wherever they come from, name the stack that they are for. */
export function forStack(problem: Problem, stack: string): Problem {
  const fix = problem.fix?.replace(/^pulumi config (?!.* --stack ).*$/gm, (line) => `${line} --stack ${quote(stack)}`);
  return fix === undefined ? problem : { ...problem, fix };
}

function command(verb: string, product: string, path: Path, flags: string[] = [], rest: string[] = []): string {
  const nested = path.length > 1 ? ["--path"] : [];
  return ["pulumi config", verb, ...nested, ...flags, quote(printPath(product, path)), ...rest].join(" ");
}

function printStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/** A word of a POSIX shell command line. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
