import { checkName, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** A label that the API server would refuse. */
export function checkLabels(subject: string, labels: Record<string, Input<string>>): Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(labelKey.test(key)
      ? []
      : [
          {
            subject,
            message: "not the key of a label",
            value: key,
            expected: "a name of at most 63 letters, digits and -_. after an optional domain and a slash",
          },
        ]),
    ...(typeof value === "string"
      ? checkName("kubernetes:LabelValue", value).map((problem) => ({ ...problem, subject: `${subject}.${key}` }))
      : []),
  ]);
}

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
const labelKey =
  /^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Checks that labels which are added do not replace a component's own labels, by which its pods are found. */
export function checkAddedLabels(
  subject: string,
  added: Record<string, Input<string>>,
  own: Record<string, string>,
): Problem[] {
  return Object.entries(added)
    .filter(([key, value]) => Object.hasOwn(own, key) && own[key] !== value)
    .map(([key, value]) => ({
      subject: `${subject}.${key}`,
      message: "the label finds the component's pods and objects, so it cannot be replaced",
      value: typeof value === "string" ? value : undefined,
      expected: own[key] ?? "",
      fix: "use another key",
    }));
}
