import { afterAll, describe, expect, it } from "vitest";
import { testCluster } from "./cluster/testCluster.ts";
import { applyObjects, removeObjects } from "./proofs/admission.ts";
import { offlineChecks, wouldTake } from "./proofs/agreement.ts";
import { stackObjects } from "./proofs/objects.ts";
import { provePodSecurity } from "./proofs/podSecurity.ts";
import { proveDrains, proveMaximum, proveRunning } from "./proofs/running.ts";
import { proveSelectors } from "./proofs/selectors.ts";

const stacks = await stackObjects();

const cluster = testCluster();

describe("what is refused before anything is deployed is what the API server refuses", () => {
  it.each(offlineChecks)("$of", async ({ texts, check, object, stricter }) => {
    const answers = await Promise.all(
      texts.map(async (text) => ({
        text,
        ours: check(text).length === 0,
        servers: await wouldTake(cluster().api, object(text)),
      })),
    );
    expect(answers.filter(({ ours, servers }) => ours && !servers)).toEqual([]);
    const refused = answers.filter(({ ours, servers }) => !ours && servers);
    expect(refused.map(({ text }) => text).sort()).toEqual(Object.keys(stricter).sort());
  });
});

describe.each(stacks)("$stack", (stack) => {
  afterAll(async () => {
    await removeObjects(cluster().api, stack);
  });

  it("selectors select the pods that they mean", () => {
    expect(proveSelectors(stack)).toEqual([]);
  });
  it("the API server takes every object, every field known", async () => {
    expect(await applyObjects(cluster().api, stack)).toEqual([]);
  });
  it("pods pass Pod Security, and with any one field broken they do not", async () => {
    expect(await provePodSecurity(cluster().api, stack)).toEqual([]);
  });
  it("workloads come up, Jobs end well, Services have endpoints", async () => {
    expect(await proveRunning(cluster().api, stack)).toEqual([]);
  });
  it("all pods are scheduled at the autoscaler's maximum", async () => {
    expect(await proveMaximum(cluster().api, stack)).toEqual([]);
  });
  it("a drain of each node in turn ends, and breaks no budget", async () => {
    expect(await proveDrains(cluster().api, stack)).toEqual([]);
  });
});
