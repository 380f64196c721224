import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { Graph, Resource } from "../../src/index.ts";
import { renderGraph } from "../../src/render/tree.ts";

const kinds = ["Deployment", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy", "PodDisruptionBudget", "Service"];

function resource(stack: string, kind: string): Resource {
  return {
    urn: `urn:pulumi:${stack}::shop::kubernetes:apps/v1:${kind}::${kind}`,
    type: `kubernetes:apps/v1:${kind}`,
    name: kind,
    parent: null,
    custom: true,
    provider: null,
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
  };
}

test("with many stacks, the kinds of each are a list that is broken before 120 characters", () => {
  const names = ["a", "b", "c", "d", "production"];
  const graph: Graph = {
    version: 1,
    stacks: names.map((stack) => ({
      stack,
      resources: kinds.map((kind) => resource(stack, kind)),
      outputs: {},
      diagnostics: [],
    })),
  };
  const lines = renderGraph(graph, { seconds: 1.25, stream: new PassThrough() }).split("\n");
  const start = lines.findIndex((line) => line.startsWith("  production  "));
  expect(lines.slice(start)).toEqual([
    "  production     6  1 Deployment, 1 HorizontalPodAutoscaler, 1 Ingress, 1 NetworkPolicy, 1 PodDisruptionBudget,",
    "                    1 Service",
    "5 stacks, 30 resources in 1.3 s",
    "",
  ]);
});
