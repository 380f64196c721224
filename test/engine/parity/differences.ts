import { isDeepStrictEqual } from "node:util";
import { Mask } from "../../../packages/preview/src/record/mask.ts";
import { isObject, outputSignature, secretSignature, signatureKey } from "../standIns/plugin.ts";

/** What is compared, by what it is about. Several may be about the same, in any order. */
export type Subjects = [subject: string, value: unknown][];

/** A request does not say which of a function's arguments are secret, so none of them is shown. */
const hidden = /^args\b/;

/**
 * What the engine and the recorder have differently: for each difference the URN or function that it is about, the
 * property's path, and both values. No secret is in it.
 */
export function differences(engine: Subjects, recorder: Subjects): string[] {
  const mask = new Mask();
  for (const [, value] of [...engine, ...recorder]) maskSecrets(value, mask);
  const subjects = [...new Set([...engine, ...recorder].map(([subject]) => subject))].sort();
  return subjects.flatMap((subject) => {
    const [ours, theirs] = withoutEqual(about(subject, engine), about(subject, recorder));
    return Array.from({ length: Math.max(ours.length, theirs.length) }, (_, index) => {
      if (index >= theirs.length) return [`${subject}\n  only the engine has it`];
      if (index >= ours.length) return [`${subject}\n  only the recorder has it`];
      return leaves(ours[index], theirs[index], "").map(({ path, values: [one, other] }) =>
        mask.apply(`${subject}\n  ${path}\n  engine:   ${one}\n  recorder: ${other}`),
      );
    }).flat();
  });
}

function about(subject: string, all: Subjects): unknown[] {
  return all.filter(([own]) => own === subject).map(([, value]) => value);
}

/** Leaves out what both have, each as often as the other. */
function withoutEqual(ours: unknown[], theirs: unknown[]): [unknown[], unknown[]] {
  const rest = [...theirs];
  const own = ours.filter((value) => {
    const index = rest.findIndex((other) => isDeepStrictEqual(value, other));
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
  return [own, rest];
}

interface Leaf {
  path: string;
  values: [string, string];
}

function leaves(one: unknown, other: unknown, path: string): Leaf[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (isSecret(one) || isSecret(other)) {
    const isBoth = isSecret(one) && isSecret(other);
    const show = (value: unknown) => (isSecret(value) ? "[secret]" : value === undefined ? "nothing" : "no secret");
    return [{ path, values: isBoth ? ["[secret]", "[another secret]"] : [show(one), show(other)] }];
  }
  if (isObject(one) && isObject(other))
    return [...new Set([...Object.keys(one), ...Object.keys(other)])]
      .sort()
      .flatMap((key) => leaves(one[key], other[key], path === "" ? key : `${path}.${key}`));
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length)
    return one.flatMap((value, index) => leaves(value, other[index], `${path}[${index}]`));
  return [{ path, values: hidden.test(path) ? ["[hidden]", "[hidden]"] : [text(one), text(other)] }];
}

function text(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_, inner: unknown) => (isSecret(inner) ? "[secret]" : inner));
}

function isSecret(value: unknown): value is { value: unknown } {
  if (!isObject(value)) return false;
  return value[signatureKey] === secretSignature || (value[signatureKey] === outputSignature && value.secret === true);
}

function maskSecrets(value: unknown, mask: Mask, isInSecret = false): void {
  if (typeof value === "string" || typeof value === "number") {
    if (isInSecret) mask.add(String(value));
  } else if (typeof value === "object" && value !== null) {
    const inner: unknown = isSecret(value) ? value.value : value;
    if (inner !== value) maskSecrets(inner, mask, true);
    else for (const item of Object.values(value)) maskSecrets(item, mask, isInSecret);
  }
}
