import { checkName, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** Checks the syntax of labels, which the API server enforces. */
export function checkLabels(subject: string, labels: Record<string, Input<string>>): Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...checkLabelKey(subject, key),
    ...(typeof value === "string" ? checkLabelValue(`${subject}.${key}`, value) : []),
  ]);
}

/** Checks the key of a label, or of a taint, which has the same syntax. */
export function checkLabelKey(subject: string, key: string, of = "label"): Problem[] {
  if (labelKey.test(key)) return [];
  const expected = "a name of at most 63 letters, digits and -_. after an optional domain and a slash";
  return [{ subject, message: `not the key of ${/^[aeiou]/.test(of) ? "an" : "a"} ${of}`, value: key, expected }];
}

/** Checks the value of a label, or of a taint. */
export function checkLabelValue(subject: string, value: string): Problem[] {
  return checkName("kubernetes:LabelValue", value, subject);
}

/** Checks the keys of annotations. Unlike those of labels, their domains may have capital letters. */
export function checkAnnotationKeys(subject: string, annotations: Record<string, Input<string>>): Problem[] {
  return Object.keys(annotations)
    .filter((key) => !labelKey.test(key.toLowerCase()))
    .flatMap((key) => checkLabelKey(subject, key, "annotation"));
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

/** Checks that annotations which are added do not contradict a component's own annotations, which win. */
export function checkAddedAnnotations(
  subject: string,
  added: Record<string, Input<string>>,
  own: Record<string, Input<string>>,
): Problem[] {
  return Object.entries(added)
    .filter(([key, value]) => Object.hasOwn(own, key) && own[key] !== value)
    .map(([key, value]) => ({
      subject: `${subject}.${key}`,
      message: "the component sets this annotation itself, so the value would be ignored",
      value: typeof value === "string" ? value : undefined,
      expected: "another key, or no annotation",
      fix: "remove it; change the component's own by a transform",
    }));
}
