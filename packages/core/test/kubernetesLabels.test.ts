import { InputError, recommendedLabels, shortHash } from "@gatehouse/core";
import { expect, test } from "vitest";

test("the labels are the recommended ones, and only those that are known", () => {
  expect(
    recommendedLabels({
      name: "shield",
      instance: "shield-prod",
      version: "2.1.0",
      component: "server",
      partOf: "gatehouse",
      managedBy: "argocd",
    }),
  ).toEqual({
    "app.kubernetes.io/name": "shield",
    "app.kubernetes.io/instance": "shield-prod",
    "app.kubernetes.io/version": "2.1.0",
    "app.kubernetes.io/component": "server",
    "app.kubernetes.io/part-of": "gatehouse",
    "app.kubernetes.io/managed-by": "argocd",
  });
  expect(recommendedLabels({ name: "shield" })).toEqual({
    "app.kubernetes.io/name": "shield",
    "app.kubernetes.io/managed-by": "pulumi",
  });
});

test("a long value is shortened, one with forbidden characters refused", () => {
  const version = `2.1.0-${"f".repeat(64)}`;
  expect(recommendedLabels({ name: "shield", version })["app.kubernetes.io/version"]).toBe(
    `2.1.0-${"f".repeat(48)}-${shortHash(version)}`,
  );
  expect(() => recommendedLabels({ name: "shield", version: "sha256:abc" })).toThrow(InputError);
});
