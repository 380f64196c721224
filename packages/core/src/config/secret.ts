import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

const isOutput = (value: unknown): boolean => pulumi.Output.isInstance(value);

/**
 * A config field that holds a secret. In the stack's file it is encrypted (`pulumi config set --secret`); for the program
 * it is a secret Output, which is unknown where the file cannot be decrypted.
 */
export function secret(): z.ZodCustom<pulumi.Output<string>> {
  return z.custom<pulumi.Output<string>>(isOutput);
}

/** Whether a schema is one of {@link secret}, also after `.describe()` and its like, which copy it. */
export function isSecretSchema(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === "custom" && def.fn === isOutput;
}
