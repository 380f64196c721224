import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences } from "./parity/differences.ts";
import {
  aliasUses,
  hookUses,
  invokeUses,
  optionUses,
  stateMigrationsFeature,
  timeoutUses,
} from "./parity/optionUses.ts";
import { goalFields, plannedResources, recordedResources, stateFields } from "./parity/plan.ts";
import { bySubject } from "./parity/requests.ts";
import { type EngineView, engineView, type RecorderView, recorderView } from "./parity/taps.ts";
import type { Fixtures } from "../../packages/preview/src/index.ts";
import { allStacks } from "./proofs/objects.ts";
import { PulumiProject } from "./pulumi/project.ts";
import { answerOf, surroundingFixtures } from "./standIns/answers.ts";
import { secretSignature, signatureKey } from "./standIns/plugin.ts";

describe("the recorder is asked for what the engine is, and derives the same graph", () => {
  let project: PulumiProject;

  beforeAll(async () => {
    project = await PulumiProject.create({ environment: { KUBECONFIG: "" } });
  });
  afterAll(async () => {
    await project.remove();
  });

  it.each(allStacks)("%s", async (stack) => {
    await project.init(stack);
    const engine = await engineView(project, stack);
    expect(engine.requests.length).toBeGreaterThan(10);
    const recorder = await recorderView(project, stack, { invokes: surroundingFixtures });
    expect(differences(bySubject(engine.requests), bySubject(recorder.requests))).toEqual([]);
    expect(differences(plannedResources(engine.plan), recordedResources(recorder.graph))).toEqual([]);
    expect(unknownFields(engine)).toEqual([]);
  });
});

describe("so it is for a program that uses every option, transforms, secrets, unknowns, reads and functions", () => {
  let project: PulumiProject;
  let engine: EngineView;
  let recorder: RecorderView;

  beforeAll(async () => {
    project = await PulumiProject.create({
      source: join(import.meta.dirname, "parity/program"),
      files: readdirSync(join(import.meta.dirname, "parity/program")),
      environment: { KUBECONFIG: "" },
    });
    await project.init("base");
    expect((await project.up("base")).status).toBe(0);
    await project.init("full");
    engine = await engineView(project, "full");
    recorder = await recorderView(project, "full", fixtures);
  });
  afterAll(async () => {
    await project.remove();
  });

  it("what is asked for", () => {
    expect(engine.requests.length).toBeGreaterThan(50);
    expect(differences(bySubject(engine.requests), bySubject(recorder.requests))).toEqual([]);
  });

  it("the graph, but for what is known to differ", () => {
    const found = differences(plannedResources(engine.plan), recordedResources(recorder.graph));
    expect(found).toEqual(knownDifferences.map(({ difference }) => difference));
    expect(unknownFields(engine)).toEqual([]);
  });

  const uses = { optionUses, aliasUses, timeoutUses, hookUses, invokeUses };
  it.each(Object.entries(uses))("every option of the SDK is used: %s", (_, table) => {
    const unused = Object.entries(table).filter(([, use]) => !engine.requests.some(use));
    // Nobody can use what the newest engine to be had does not know; one that does makes this fail.
    const impossible =
      "stateMigrations" in table && !engine.features.includes(stateMigrationsFeature) ? ["stateMigrations"] : [];
    expect(unused.map(([option]) => option)).toEqual(impossible);
  });

  interface Alteration {
    what: string;
    name: string;
    alter: (request: Request) => void;
    difference: string;
  }
  type Request = Record<string, Record<string, unknown> | undefined>;
  const urn = (name: string) => `RegisterResource urn:pulumi:full::parity::test:index:Thing::${name}`;
  const alterations: Alteration[] = [
    {
      what: "an option",
      name: "options",
      alter: (request) => Object.assign(request, { deletebeforereplace: false }),
      difference: `${urn("options")}\n  deletebeforereplace\n  engine:   true\n  recorder: false`,
    },
    {
      what: "a property",
      name: "values",
      alter: ({ object }) => Object.assign(object?.plain ?? {}, { b: 2 }),
      difference: `${urn("values")}\n  object.plain.b\n  engine:   1\n  recorder: 2`,
    },
    {
      what: "another secret",
      name: "values",
      alter: ({ object }) => Object.assign(object?.secret ?? {}, { value: "not the same" }),
      difference: `${urn("values")}\n  object.secret\n  engine:   [secret]\n  recorder: [another secret]`,
    },
    {
      what: "a secret that is none any more",
      name: "values",
      alter: ({ object }) => Object.assign(object ?? {}, { secret: "plain secret" }),
      difference: `${urn("values")}\n  object.secret\n  engine:   [secret]\n  recorder: no secret`,
    },
    {
      what: "a secret of a remote component",
      name: "remote",
      alter: ({ object }) => Object.assign(object?.secret ?? {}, { value: "not the same" }),
      difference: `RegisterResource urn:pulumi:full::parity::test:index:Group$test:index:Remote::remote
  object.secret
  engine:   [secret]
  recorder: [another secret]`,
    },
    {
      what: "a secret in another text",
      name: "values",
      alter: ({ object }) => Object.assign(object?.plain ?? {}, { b: "with the plain secret in it" }),
      difference: `${urn("values")}\n  object.plain.b\n  engine:   1\n  recorder: "with the [secret] in it"`,
    },
    {
      what: "a name",
      name: "heir",
      alter: (request) => Object.assign(request, { name: "another" }),
      difference: `RegisterResource urn:pulumi:full::parity::test:index:Group$test:index:Group$test:index:Thing::heir
  only the engine has it`,
    },
  ];
  it.each(alterations)(
    "one request altered is a difference that names its resource: $what",
    ({ name, ...alteration }) => {
      const altered = structuredClone(recorder.requests);
      const request = altered.find((one) => one.method === "RegisterResource" && one.name === name);
      alteration.alter(request as unknown as Request);
      const [first, ...rest] = differences(bySubject(engine.requests), bySubject(altered)).sort(byHolder);
      expect(first).toBe(alteration.difference);
      expect(rest).toHaveLength(request?.name === name ? 0 : 1);
    },
  );

  it("options of the graph altered are differences that name their resource", () => {
    const altered = structuredClone(recorder.graph);
    const imported = altered.resources.find(({ name }) => name === "imported");
    Object.assign(imported?.options ?? {}, { protect: false, retainOnDelete: true });
    const before = knownDifferences.map(({ difference }) => difference);
    const after = differences(plannedResources(engine.plan), recordedResources(altered));
    const subject = "urn:pulumi:full::parity::test:index:Thing::imported";
    expect(after.filter((difference) => !before.includes(difference))).toEqual([
      `${subject}\n  options.protect\n  engine:   true\n  recorder: false`,
      `${subject}\n  options.retainOnDelete\n  engine:   false\n  recorder: true`,
    ]);
  });
});

/** What the program's functions and its other stack answer, which the engine's stand-ins answer as well. */
const fixtures = {
  invokes: {
    "test:index:getZone": ["a", "secret zone"].map((name) => ({
      args: { name },
      result: answerOf("test:index:getZone", { name }),
    })),
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

const inProgram = "urn:pulumi:full::parity::";
/** Where the graph is another than the engine's on purpose, or knows more. */
const knownDifferences = [
  ...["component", "resource"].map((output) => ({
    difference: `outputs of ${inProgram}pulumi:pulumi:Stack::parity-full
  ${output}.@isPulumiResource
  engine:   true
  recorder: nothing`,
    why: "the SDK's mark of a resource as an output, which only previews have",
  })),
  {
    difference: `${inProgram}pulumi:providers:pulumi::default\n  only the engine has it`,
    why: "the provider of StackReferences is a part of the engine",
  },
  {
    difference: `${inProgram}test:index:Group$test:index:Remote$test:index:Thing::remote-thing\n  only the engine has it`,
    why: "what is in a remote component only its provider knows",
  },
  {
    difference: `${inProgram}test:index:Group$test:index:Remote::remote
  provider
  engine:   null
  recorder: "${inProgram}pulumi:providers:test::custom"`,
    why: "the engine forgets who has made a remote component",
  },
  ...["transformed", "seen"].map((name) => ({
    difference: `${inProgram}${name === "seen" ? "" : "test:index:Group$"}test:index:Thing::${name}
  propertyDependencies.from
  engine:   nothing
  recorder: ["${inProgram}test:index:Thing::anchor"]`,
    why: "the engine forgets through which property a transformed resource depends on another",
  })),
];

/** The fields of a plan of which nobody has said whether they are compared. */
function unknownFields({ plan }: EngineView): string[] {
  const fields = (all: object) => [...new Set(Object.values(all).flatMap((one: object) => Object.keys(one)))];
  const ofStates = fields(plan.states).filter((field) => !(field in goalFields || field in stateFields));
  return [...fields(plan.goals).filter((field) => !(field in goalFields)), ...ofStates];
}

/** What only the engine has comes before what only the recorder has. */
function byHolder(a: string, b: string): number {
  return Number(a.includes("only the recorder")) - Number(b.includes("only the recorder"));
}
