import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { previewAll } from "../../packages/preview/src/index.ts";
import { isClusterKind } from "../../packages/preview/src/record/kubernetesOutputs.ts";
import { writeManifests } from "../../packages/preview/src/render/manifests.ts";
import { yamlText } from "../../packages/preview/src/render/yamlText.ts";
import { testCluster } from "./cluster/testCluster.ts";
import { repository } from "./proofs/objects.ts";
import { applyWaves, readWaves } from "./proofs/waves.ts";
import { Scope } from "./scope.ts";

const stacks = ["shield-prod", "atb-prod"];
/** The certificate of ATB's servers, which the guide has you make yourself. */
const given = ["atb-tls"];

const scope = new Scope("waves");
const graph = await previewAll({ project: repository, stacks });
writeManifests(graph, join(scope.directory, "manifests"));
const cluster = testCluster();

afterAll(() => scope.stop());

describe.each(stacks)("%s, as --yaml writes it", (stack) => {
  const waves = readWaves(join(scope.directory, "manifests", stack));

  it("goes up wave by wave, each healthy before the next", async () => {
    expect(await applyWaves(cluster().api, waves, given)).toEqual([]);
  });

  it("has the migration after its secrets and policies, and before the program", () => {
    const waveOf = (kind: string): number[] =>
      [...waves].filter(([, manifests]) => manifests.some(({ object }) => object.kind === kind)).map(([wave]) => wave);
    const jobs = waveOf("Job");
    for (const job of jobs) {
      for (const kind of ["ExternalSecret", "ServiceAccount", "NetworkPolicy"])
        expect(Math.max(...waveOf(kind))).toBeLessThan(job);
      expect(Math.min(...waveOf("Deployment"))).toBeGreaterThan(job);
    }
    expect(jobs).toHaveLength(stack === "shield-prod" ? 1 : 0);
  });

  it("does not go up in one wave: the proof sees what is not there", async () => {
    const all = [...waves.values()].flat();
    const namespaces = all.filter(({ object }) => object.kind === "Namespace");
    for (const { object } of namespaces) await cluster().api.remove(object);
    for (const { object, text } of namespaces) await cluster().api.applyText(object, text);
    const others = all.filter(({ object }) => object.kind !== "Namespace").reverse();
    expect(await applyWaves(cluster().api, new Map([[0, others]]))).not.toEqual([]);
  });
});

it("the kinds that live outside namespaces are those that the API server says", async () => {
  const { groups } = await cluster().api.call<{ groups: { versions: { groupVersion: string }[] }[] }>("GET", "/apis");
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  const builtIn = versions.filter((version) => !version.includes(".") || version.split("/")[0]?.endsWith(".k8s.io"));
  const lists = await Promise.all(
    ["/api/v1", ...builtIn.map((version) => `/apis/${version}`)].map((path) =>
      cluster().api.call<{ resources: { name: string; kind: string; namespaced: boolean }[] }>("GET", path),
    ),
  );
  const served = lists.flatMap(({ resources }) => resources).filter(({ name }) => !name.includes("/"));
  // Requests for an answer rather than objects: nobody keeps or names one.
  const kept = served.filter(({ kind }) => !kind.endsWith("Review"));
  expect(kept.map(({ kind }) => kind)).toContain("StorageClass");
  expect(kept.filter(({ kind, namespaced }) => isClusterKind(kind) === namespaced).map(({ kind }) => kind)).toEqual([]);
});

it("an API server reads every character of a text as it was", async () => {
  const data = {
    separators: "a\u0085b\u2028c\u2029d",
    mark: "\ufeffa",
    delete: "a\u007fb",
    tab: "\tone\n\ttwo\n",
    block: "one\n\ttwo \u2028\nthree\u0085\n",
    carriage: "one\r\ntwo\r\n",
    "yaml-1.1": "yes",
    sexagesimal: "12:30",
    octal: "0o17",
    number: "1_000",
    comment: "a\t# b",
  };
  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "characters", namespace: "default" }, data };
  await cluster().api.applyText(object, yamlText(object));
  expect((await cluster().api.get(object))?.data).toEqual(data);
});
