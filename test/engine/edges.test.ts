import { afterEach, describe, expect, it } from "vitest";
import { testCluster } from "./cluster/testCluster.ts";
import { applyObjects, removeObjects } from "./proofs/admission.ts";
import { stackObjects, type StackObjects } from "./proofs/objects.ts";
import { proveSelectors } from "./proofs/selectors.ts";

// Whether the API server knows every field of every kind of edge; the stacks' own config has ingress-nginx alone.

const cluster = testCluster();
const arn = "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-0000-4000-8000-000000000000";
const acl = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shield/0f1e2d3c-0000-4000-8000-000000000000";

const edges = [
  {
    stack: "shield-prod",
    edge: { kind: "gateway", bodySize: "8Mi", annotations: { "example.com/owner": "identity" } },
    timeout: "125s",
  },
  {
    stack: "shield-prod",
    edge: { kind: "alb", certificateArn: arn, wafAclArn: acl, subnetCidrs: ["10.30.0.0/24"] },
    timeout: "idle_timeout.timeout_seconds=125",
  },
  { stack: "shield-prod", edge: { kind: "nginx", bodySize: "8Mi", responseHeaderSize: "16Ki" }, timeout: '"125"' },
  { stack: "atb-prod", edge: { kind: "gateway" }, timeout: undefined },
];

let applied: StackObjects | undefined;
afterEach(async () => {
  if (applied) await removeObjects(cluster().api, applied);
  applied = undefined;
});

describe.each(edges)("$stack with $edge.kind", ({ stack, edge, timeout }) => {
  const [product = ""] = stack.split("-");
  const config = {
    [`${product}:edge`]: JSON.stringify(edge),
    ...(product === "shield" && { "shield:requestTimeoutSeconds": "120" }),
  };

  it("the API server takes every object, and policies select the pods that they mean", async () => {
    const [objects] = await stackObjects(undefined, [stack], config);
    if (!objects) throw new Error(`${stack} has no Kubernetes objects`);
    applied = objects;
    expect(await applyObjects(cluster().api, objects)).toEqual([]);
    expect(proveSelectors(objects)).toEqual([]);
    if (timeout !== undefined) expect(JSON.stringify(objects.objects)).toContain(timeout);
  });
});
