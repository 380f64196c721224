import { nearest } from "./nearest.ts";
import { InputError } from "./problem.ts";

/**
 * The member of a map.
 *
 * @param subject How messages name the map: `SecretBundle.refs`.
 * @param message What is wrong with an unknown key: `the bundle has no such secret`.
 * @throws InputError with the nearest key if there is no such member.
 */
export function member<T>(subject: string, message: string, all: Record<string, T>, key: string): T {
  const found = Object.hasOwn(all, key) ? all[key] : undefined;
  if (found !== undefined) return found;
  const keys = Object.keys(all);
  const near = nearest(key, keys);
  throw new InputError({
    subject,
    message,
    value: key,
    expected: keys.join(", "),
    fix: near && `did you mean "${near}"?`,
  });
}
