import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PlainRequest, subjectOf } from "./parity/requests.ts";
import { plannedResources, recordedResources } from "./parity/plan.ts";
import { engineRequests, recorded } from "./parity/taps.ts";
import type { Fixtures } from "../../packages/preview/src/index.ts";
import { repository } from "./proofs/objects.ts";
import { PulumiProject } from "./pulumi/project.ts";
import { answerOf } from "./standIns/answers.ts";
import { secretSignature, signatureKey } from "./standIns/plugin.ts";

const stacks = readdirSync(join(repository, "stacks"))
  .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
  .filter((stack) => stack !== undefined);

/** Requests by what they are about, in an order of their own. */
function bySubject(requests: PlainRequest[]): Record<string, PlainRequest> {
  const counts = new Map<string, number>();
  const entries = requests.map((request) => {
    const subject = subjectOf(request);
    const count = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, count);
    return [count === 1 ? subject : `${subject} #${count}`, request] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("the recorder is asked for what the engine is, and derives the same graph", () => {
  let project: PulumiProject;

  beforeAll(async () => {
    project = await PulumiProject.create({ environment: { KUBECONFIG: "" } });
  });
  afterAll(async () => {
    await project.remove();
  });

  it.each(stacks)("%s", async (stack) => {
    await project.init(stack);
    const engine = bySubject(await engineRequests(project, stack));
    expect(Object.keys(engine).length).toBeGreaterThan(10);
    const { requests, graph } = await recorded(project, stack);
    expect(bySubject(requests)).toEqual(engine);
    expect(recordedResources(graph)).toEqual(await plannedResources(project, stack));
  });
});

it("so it is for a program that uses every option, transforms, secrets, unknowns, reads and functions", async () => {
  const project = await PulumiProject.create({
    source: join(import.meta.dirname, "parity/program"),
    files: ["Pulumi.yaml", "Pulumi.full.yaml", "package.json", "index.ts"],
    environment: { KUBECONFIG: "" },
  });
  try {
    await project.init("base");
    expect((await project.up("base")).status).toBe(0);
    await project.init("full");
    const engine = bySubject(await engineRequests(project, "full"));
    expect(Object.keys(engine).length).toBeGreaterThan(30);
    const fixtures = {
      invokes: {
        "test:index:getZone": [{ args: { name: "a" }, result: answerOf("test:index:getZone", { name: "a" }) }],
        "test:index:getAccount": [{ result: answerOf("test:index:getAccount", {}) }],
      },
      stacks: {
        "organization/parity/base": {
          address: "base.example.com",
          key: { [signatureKey]: secretSignature, value: "base key" },
          list: [1, { deep: true }],
        },
      },
    } as Fixtures;
    const { requests, graph } = await recorded(project, "full", fixtures);
    expect(bySubject(requests)).toEqual(engine);
    const [recorder, plan] = [recordedResources(graph), await plannedResources(project, "full")];
    // The engine forgets through which property a transformed resource depends on another; the recorder keeps it.
    const transformed = Object.keys(plan).filter((urn) => urn.endsWith("::transformed"));
    expect(transformed).toHaveLength(1);
    for (const urn of transformed) {
      expect(recorder[urn]?.propertyDependencies).toHaveProperty("from");
      for (const nodes of [recorder, plan]) Object.assign(nodes[urn] ?? {}, { propertyDependencies: {} });
    }
    expect(recorder).toEqual(plan);
  } finally {
    await project.remove();
  }
});
