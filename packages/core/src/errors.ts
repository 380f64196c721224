import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";

/** One thing that is wrong with what a user gave, and what to do about it. */
export interface Problem {
  /** What it is about: a config key (`shield:image`), an argument (`shield.replicas`), a name. */
  subject: string;
  /** What is wrong, in one sentence without a full stop. */
  message: string;
  /** The value as given. Never of a secret. */
  value?: string;
  /** What would have been right, in words. */
  expected?: string;
  /** What to do: a command, or the value to use. */
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
 * Throws all problems as one error; does nothing if there is none.
 *
 * @param heading As for {@link InputError}.
 * @throws InputError if there is a problem.
 */
export function throwIfAny(problems: Problem[], heading?: string): void {
  if (problems.length > 0) throw new InputError(problems, heading);
}

/**
 * The known word that was probably meant, for "did you mean"; undefined if none is reasonably near. Of equally near
 * ones it is the first.
 */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: { word: string; edits: number } | undefined;
  for (const word of known) {
    const longest = Math.max(given.length, word.length);
    // Two edits, because exchanging two letters counts as two; in a very short word they would match anything.
    const limit = longest < 4 ? Math.min(1, longest - 1) : Math.max(2, Math.floor(longest * 0.4));
    const edits = distance(given.toLowerCase(), word.toLowerCase());
    if (edits <= limit && edits < (best?.edits ?? Infinity)) best = { word, edits };
  }
  return best?.word;
}

/**
 * Checks an input: a plain value at once, an Output or a promise as it resolves and before anything that uses the
 * returned input sees a value. A value that is unknown in a preview passes. What a check says about a secret is printed
 * without the secret.
 *
 * @param check The problems of a value; none if it is good.
 * @returns The input, to be used in place of the one given.
 * @throws InputError if a plain value has problems; an Output rejects with it.
 */
export function checkedInput<T>(value: pulumi.Input<T>, check: (value: T) => Problem[]): pulumi.Input<T> {
  if (!pulumi.Output.isInstance(value) && !(value instanceof Promise)) {
    throwIfAny(check(value));
    return value;
  }
  const output = pulumi.output(value) as pulumi.Output<T>;
  return output.apply(async (resolved) => {
    const problems = check(resolved);
    if (problems.length === 0) return resolved;
    const secret = await pulumi.isSecret(output);
    throw new InputError(secret ? problems.map((problem) => redact(problem, resolved)) : problems);
  });
}

/**
 * Refuses a secret where it would be readable.
 *
 * @param problem What is said about it; it must not hold the value.
 * @returns An Output that rejects with the problem if the value is a secret, also if the secret itself is not yet known
 *   in a preview. Other values pass, unknown ones too.
 */
export function refuseSecret<T>(value: pulumi.Input<T>, problem: Problem): pulumi.Output<T> {
  const output = pulumi.output(value) as pulumi.Output<T>;
  const allowed = pulumi.isSecret(output).then((secret) => {
    if (secret) throw new InputError(problem);
    return true;
  });
  return pulumi.all([allowed, output]).apply(([, resolved]) => resolved as T);
}

function report(problems: Problem[], heading?: string): string {
  const [first] = problems;
  if (first === undefined) throw new TypeError("An InputError needs a problem.");
  if (problems.length === 1 && heading === undefined) return formatProblem(first);
  const count = `${problems.length} ${problems.length === 1 ? "problem" : "problems"}`;
  const title = heading === undefined ? count : `${count} in ${heading}`;
  return [title, ...problems.map(formatProblem)].join("\n\n");
}

/** A problem without a secret: wherever the secret, or a text in it, occurs, a mark stands for it. */
export function redact(problem: Problem, secret: unknown): Problem {
  const hide = (text: string): string => leaves(secret).reduce((all, leaf) => all.replaceAll(leaf, "[secret]"), text);
  return {
    subject: hide(problem.subject),
    message: hide(problem.message),
    ...(problem.value !== undefined && { value: "[secret]" }),
    ...(problem.expected !== undefined && { expected: hide(problem.expected) }),
    ...(problem.fix !== undefined && { fix: hide(problem.fix) }),
  };
}

/** The texts in a value, the longest first, as one may be a part of another. */
function leaves(value: unknown): string[] {
  const all: string[] = [];
  const visit = (part: unknown): void => {
    if (typeof part === "object" && part !== null) Object.values(part).forEach(visit);
    else if (typeof part === "string" || typeof part === "number") all.push(String(part));
  };
  visit(value);
  return all.filter((text) => text !== "").sort((a, b) => b.length - a.length);
}

function indent(text: string, columns: number): string {
  return " ".repeat(columns) + indentRest(text, columns);
}

function indentRest(text: string, columns: number): string {
  return text.replaceAll("\n", "\n" + " ".repeat(columns));
}
