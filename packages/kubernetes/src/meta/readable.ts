import { readable as readableBy } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/**
 * A value that stands in a Kubernetes object as plain text.
 * @returns The value; an Output that turns out to be secret rejects.
 */
export function readable(
  subject: string,
  value: Input<string>,
  fix = "put the value into a Secret, and read it from a variable of environment.secrets or a file of a volume",
): Input<string> {
  const readers = "everyone who may read the object";
  return readableBy(subject, value, { readers, expected: "a plain value, or a reference to a Secret", fix });
}
