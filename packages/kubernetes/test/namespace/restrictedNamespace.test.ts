import { RestrictedNamespace, Workload } from "@gatehouse/kubernetes";
import { expect, test } from "vitest";
import { lines, workload } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const restricted = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
  "pod-security.kubernetes.io/warn": "restricted",
};

test("pods are restricted and nothing is reachable", async () => {
  const recording = await record(() => new RestrictedNamespace("shop"));
  expect(recording.objects()).toEqual(["Namespace shop", "NetworkPolicy default-deny"]);
  expect(recording.object("Namespace", "shop")).toEqual({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name: "shop",
      labels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/managed-by": "pulumi", ...restricted },
    },
  });
  expect(recording.object("NetworkPolicy", "default-deny")).toEqual({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace: "shop" },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  });
  expect(recording.family()).toEqual([
    "gatehouse:kubernetes:RestrictedNamespace shop",
    "shop > kubernetes:core/v1:Namespace shop-namespace",
    "shop > kubernetes:networking.k8s.io/v1:NetworkPolicy shop-default-deny",
  ]);
});

test("another name, further labels, the gate of the AWS load balancer controller", async () => {
  const args = { namespace: "shop-dev", labels: { team: "checkout" }, albReadinessGate: true };
  const recording = await record(() => new RestrictedNamespace("shop", args));
  expect(recording.object("Namespace", "shop-dev").metadata.labels).toEqual({
    "app.kubernetes.io/name": "shop-dev",
    "app.kubernetes.io/managed-by": "pulumi",
    ...restricted,
    "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
    team: "checkout",
  });
});

test("what is told the namespace comes after it", async () => {
  const recording = await record(() => {
    const { namespace } = new RestrictedNamespace("shop");
    new Workload("orders", { ...workload, namespace });
  });
  const kubernetes = recording.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  const dependents = kubernetes.filter(({ name }) => name.startsWith("orders-"));
  expect(dependents).toHaveLength(5);
  for (const { dependencies } of dependents) expect(dependencies).toContain("shop-namespace");
});

test("a label cannot loosen it", async () => {
  const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
  expect(await refusal(() => new RestrictedNamespace("shop", { labels }))).toBe(
    lines(
      "shop (RestrictedNamespace).labels.pod-security.kubernetes.io/enforce: the namespace would no longer be restricted",
      "  value:    privileged",
      "  expected: restricted",
      "  fix:      run pods that need more in a namespace of their own, which is not a RestrictedNamespace",
    ),
  );
});

test("a label that the API server would refuse, and a name", async () => {
  const labels = { "team name": "checkout", team: "check out" };
  expect(await refusal(() => new RestrictedNamespace("shop", { labels }))).toBe(
    lines(
      "2 problems",
      "",
      "shop (RestrictedNamespace).labels: not the key of a label",
      "  value:    team name",
      "  expected: a name of at most 63 letters, digits and -_. after an optional domain and a slash",
      "",
      "shop (RestrictedNamespace).labels.team: the name has characters that are not allowed there",
      "  value:    check out",
      "  expected: letters, digits, hyphens, underscores and dots, with a letter or digit at both ends",
      "  fix:      use check-out",
    ),
  );
  expect(await refusal(() => new RestrictedNamespace("Shop"))).toBe(
    lines(
      "kubernetes:Namespace: the name has characters that are not allowed there",
      "  value:    Shop",
      "  expected: lower-case letters, digits and hyphens, with a letter or digit at both ends",
      "  fix:      use shop",
    ),
  );
});
