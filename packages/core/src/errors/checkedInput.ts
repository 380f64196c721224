import * as pulumi from "@pulumi/pulumi";
import { InputError, type Problem, throwIfAny } from "./problem.ts";
import { redact } from "./secrets.ts";

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
