import { InvalidArgumentError } from "commander";
import type { ConfigOverride } from "../project/config.ts";

/** Adds one `--config key=value` to those before it. */
export function collectConfig(text: string, previous: Record<string, ConfigOverride>): Record<string, ConfigOverride> {
  const separator = text.indexOf("=");
  if (separator <= 0) throw new InvalidArgumentError('expected key=value, like "shield:replicas=3".');
  return { ...previous, [text.slice(0, separator)]: text.slice(separator + 1) };
}

/** A number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}
