import type { Problem } from "./problem.ts";

/**
 * Refuses options that would have no effect.
 *
 * @param reason The setting that turns them off: `tls is false`.
 * @param effective Whether they have an effect.
 * @param options The options by name, undefined where not given.
 */
export function ignored(
  subject: string,
  reason: string,
  effective: boolean,
  options: Record<string, unknown>,
): Problem[] {
  if (effective) return [];
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => ({
      subject: `${subject}.${name}`,
      message: `${name} has no effect because ${reason}`,
      fix: `remove ${name}`,
    }));
}
