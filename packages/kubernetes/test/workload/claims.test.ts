import { RolloutStrategy, Workload, type WorkloadArgs } from "@gatehouse/kubernetes";
import { describe, expect, test } from "vitest";
import { lines, workload } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const claims = [{ name: "spool", mountPath: "/var/lib/orders", size: "100Gi", storageClass: "gp3" }];

const recordWorkload = (args: Partial<WorkloadArgs> = {}) =>
  record(() => new Workload("orders", { ...workload, claims, ...args }));
const refusalOf = (args: Partial<WorkloadArgs>) =>
  refusal(() => new Workload("orders", { ...workload, claims, ...args }));

describe("a workload with claims", () => {
  test("is a StatefulSet in place of a Deployment, and its pods keep their volumes", async () => {
    const recording = await recordWorkload();
    expect(recording.objects()).toEqual([
      "NetworkPolicy orders",
      "PodDisruptionBudget orders",
      "Service orders",
      "ServiceAccount orders",
      "StatefulSet orders",
    ]);
    const { template, ...spec } = recording.object("StatefulSet", "orders").spec;
    expect(spec).toEqual({
      replicas: 2,
      selector: { matchLabels: { "app.kubernetes.io/name": "orders" } },
      serviceName: "orders",
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      volumeClaimTemplates: [
        {
          metadata: { name: "spool" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "gp3",
            resources: { requests: { storage: "100Gi" } },
          },
        },
      ],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
    expect(template.spec.volumes).toEqual([{ name: "tmp", emptyDir: {} }]);
    expect(template.spec.containers[0]?.volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "spool", mountPath: "/var/lib/orders" },
    ]);
  });

  test("is what its autoscaler scales", async () => {
    const recording = await recordWorkload({ scaling: { minReplicas: 3, maxReplicas: 10, cpuPercent: 70 } });
    expect(recording.object("HorizontalPodAutoscaler", "orders").spec.scaleTargetRef).toEqual({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      name: "orders",
    });
    expect(recording.object("StatefulSet", "orders").spec.replicas).toBeUndefined();
  });

  test("may be a single pod, which is gone during an update", async () => {
    expect((await recordWorkload({ replicas: 1 })).object("StatefulSet", "orders").spec.replicas).toBe(1);
  });

  test("is refused with a rollout, without a claim, and with a size that is none", async () => {
    expect(await refusalOf({ rollout: { strategy: RolloutStrategy.Recreate } })).toBe(
      lines(
        "orders (Workload).rollout: with claims the pods are a StatefulSet, which replaces one pod after another",
        "  value:    strategy recreate",
        "  expected: no rollout",
        "  fix:      remove rollout, or the claims",
      ),
    );
    expect(await refusalOf({ claims: [] })).toBe(
      lines(
        "orders (Workload).claims: the list is empty, so it is not clear whether the pods need volumes",
        "  value:    an empty list",
        "  expected: one volume or more, or no claims",
      ),
    );
    expect(await refusalOf({ claims: [{ name: "spool", mountPath: "/spool", size: "100 GB" }] })).toMatch(
      /^orders \(Workload\)\.claims\.spool\.size: /,
    );
  });
});
