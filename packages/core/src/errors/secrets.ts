import * as pulumi from "@pulumi/pulumi";
import { InputError, type Problem } from "./problem.ts";

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
