import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with what a user gave, and what to do about it. */
export interface Problem {
  /** The subject: a config key (`shield:image`), an argument (`shield.replicas`), a name. */
  subject: string;
  /** The fault, in one sentence without a full stop. */
  message: string;
  /** The value as given. Never of a secret. */
  value?: string;
  /** The values that are allowed, in words. */
  expected?: string;
  /** The fix: a command, or the value to use. */
  fix?: string;
}

/**
 * Bad input, with everything that is wrong with it. The program runner prints a `RunError` as its message alone, without
 * a stack trace.
 */
export class InputError extends pulumi.RunError {
  /** Every problem found, in the order in which the message lists them. */
  readonly problems: Problem[];

  /**
   * @param problems What is wrong; at least one.
   * @param heading Where the problems are, as the end of the sentence "3 problems in ...": `the config of shield-prod`.
   */
  constructor(problems: Problem | Problem[], heading?: string) {
    const all = Array.isArray(problems) ? problems : [problems];
    const text = report(all, heading);
    super(text);
    this.name = "InputError";
    // The SDK writes "error serializing property" before the message of an error that an input rejects with, once for
    // each resource that the input reaches.
    Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
    this.problems = all;
  }
}

/**
 * Prints a problem: its subject and message on one line, and below it the value, what was expected and the fix, as far
 * as they are known.
 */
export function formatProblem(problem: Problem): string {
  const details = [
    ["value:   ", problem.value],
    ["expected:", problem.expected],
    ["fix:     ", problem.fix],
  ] as const;
  return [
    `${problem.subject}: ${problem.message}`,
    ...details.flatMap(([label, text]) => (text === undefined ? [] : [indent(`${label} ${indentRest(text, 10)}`, 2)])),
  ].join("\n");
}

/**
 * Throws all problems as one error; does nothing without a problem.
 *
 * @param heading As for {@link InputError}.
 * @throws InputError if there is a problem.
 */
export function throwIfAny(problems: Problem[], heading?: string): void {
  if (problems.length > 0) throw new InputError(problems, heading);
}

function report(problems: Problem[], heading?: string): string {
  const [first] = problems;
  if (first === undefined) throw new TypeError("An InputError needs a problem.");
  if (problems.length === 1 && heading === undefined) return formatProblem(first);
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const title = heading === undefined ? count : `${count} in ${heading}`;
  return [title, ...problems.map(formatProblem)].join("\n\n");
}

function indent(text: string, columns: number): string {
  return " ".repeat(columns) + indentRest(text, columns);
}

function indentRest(text: string, columns: number): string {
  return text.replaceAll("\n", "\n" + " ".repeat(columns));
}
