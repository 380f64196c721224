import { type Input, Output } from "@pulumi/pulumi";
import { refuseSecret } from "./secrets.ts";

/** How a refusal explains where the value would be readable. */
export interface ReadableContext {
  /** People who could read the value: `everyone who may read the object`. */
  readers: string;
  /** The place where a secret is allowed. */
  expected: string;
  /** The fix. */
  fix: string;
}

/**
 * A value that is stored as plain text where others can read it.
 *
 * @returns The value. An Output that turns out to be secret rejects.
 */
export function readable(
  subject: string,
  value: Input<string>,
  { readers, expected, fix }: ReadableContext,
): Input<string> {
  if (!Output.isInstance(value)) return value;
  return refuseSecret(value, {
    subject,
    message: `a secret is placed where ${readers} can read it`,
    value: "[secret]",
    expected,
    fix,
  });
}
