import { refuseSecret } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";

/**
 * A value that stands in an object as it is, where everybody who may read the object can read it.
 * @returns The value; an Output that turns out secret rejects.
 */
export function readable(
  subject: string,
  value: pulumi.Input<string>,
  fix = "put the value into a Secret, and read it from a variable of environment.secrets or a file of a volume",
): pulumi.Input<string> {
  if (!pulumi.Output.isInstance(value)) return value;
  return refuseSecret(value, {
    subject,
    message: "a secret is placed where everybody who may read the object can read it",
    value: "[secret]",
    expected: "a plain value, or a reference to a Secret",
    fix,
  });
}
