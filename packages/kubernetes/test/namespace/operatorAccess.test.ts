import { OperatorAccess, type OperatorAccessArgs } from "@gatehouse/kubernetes";
import { expect, test } from "vitest";
import { record, refusal } from "../support/record.ts";

const make =
  (args: Partial<OperatorAccessArgs> = {}) =>
  () =>
    new OperatorAccess("broker-operator", { namespace: "broker", ...args });
const metadata = {
  name: "broker-operator",
  namespace: "broker",
  labels: { "app.kubernetes.io/name": "broker-operator", "app.kubernetes.io/managed-by": "pulumi" },
};
const deployments = {
  apiGroups: ["apps"],
  resources: ["deployments"],
  verbs: ["get", "list", "watch", "update", "patch"],
};

test("the account, its role without secrets, and the binding", async () => {
  const recording = await record(make());
  expect(recording.objects()).toEqual([
    "Role broker-operator",
    "RoleBinding broker-operator",
    "ServiceAccount broker-operator",
  ]);
  expect(recording.object("ServiceAccount", "broker-operator")).toEqual({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata,
    automountServiceAccountToken: false,
  });
  expect(recording.object("Role", "broker-operator")).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata,
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }, deployments],
  });
  expect(recording.object("RoleBinding", "broker-operator")).toEqual({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata,
    subjects: [{ kind: "ServiceAccount", name: "broker-operator", namespace: "broker" }],
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "broker-operator" },
  });
});

test("secrets by the option alone, under a name of one's own", async () => {
  const recording = await record(make({ secretsInClearText: true, operatorName: "ops", labels: { team: "gate" } }));
  const role = recording.object("Role", "ops");
  expect(role.metadata.labels).toEqual({ ...metadata.labels, "app.kubernetes.io/name": "ops", team: "gate" });
  expect(role.rules).toEqual([
    { apiGroups: [""], resources: ["configmaps", "secrets"], verbs: ["get", "list", "watch"] },
    deployments,
  ]);
});

test("a name that Kubernetes refuses", async () => {
  expect(await refusal(make({ operatorName: "Broker Operator" }))).toContain("Broker Operator");
});
