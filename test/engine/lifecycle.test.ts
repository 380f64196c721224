import { readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCluster } from "./cluster/testCluster.ts";
import { eventually } from "./support/eventually.ts";
import { failing, hanging, tagOf } from "./cluster/stages.ts";
import { lives } from "./lives/lives.ts";
import { Surroundings } from "./lives/surroundings.ts";
import { productionStacks } from "./proofs/objects.ts";
import { PulumiProject, type Step, type UpOutcome } from "./pulumi/project.ts";
import { ended, type Outcome } from "./support/outcome.ts";

const cluster = testCluster();

it("every production stack has a life", () => {
  expect(lives.map(({ stack }) => stack)).toEqual(expect.arrayContaining(productionStacks));
});

/** What follows in a life is told after what came before, though lives are told at the same time. */
function then(what: string, proof: () => Promise<void>): void {
  it(what, { concurrent: false }, proof);
}

describe.concurrent.each(lives)("$stack", (life) => {
  const { stack, program, services, release, changes, drifts, guarded, retained } = life;
  let project: PulumiProject;
  let surroundings: Surroundings;

  async function up(config: string[] = []): Promise<UpOutcome> {
    if (config.length > 0) await project.configure(stack, config);
    return project.up(stack);
  }

  async function expectServing(version: string): Promise<void> {
    for (const images of await surroundings.serving())
      expect([...new Set(images.map(tagOf))], `${stack} serves`).toEqual([version]);
  }

  async function gone(image: string): Promise<void> {
    await eventually(`${stack}: nothing runs ${image}`, async () => {
      const running = await surroundings.running(image);
      return running.length === 0 || running.join(", ");
    });
  }

  beforeAll(async () => {
    project = await PulumiProject.create({
      ...(program !== undefined && { source: program, files: readdirSync(program) }),
      environment: { KUBECONFIG: cluster().kubeconfigFile, GATEHOUSE_WAIT_SECONDS: "150" },
    });
    surroundings = new Surroundings(life, cluster().api, project);
    await project.init(stack);
  });

  afterAll(async () => {
    await project.remove();
  });

  then("comes up from nothing", async () => {
    succeeded(await up());
    for (const images of await surroundings.serving()) expect(images).not.toEqual([]);
  });

  then("a second up changes nothing, nor what the autoscaler did", async () => {
    const counts = async () => (await surroundings.serving()).map(({ length }) => length);
    const wanted = (await counts()).map((count, index) => services[index]?.scaledTo ?? count);
    await surroundings.scale();
    await eventually(`${stack}: ${wanted.join(" and ")} pods are ready`, async () =>
      isDeepStrictEqual(await counts(), wanted),
    );
    succeeded(await project.up(stack, "--expect-no-changes"));
    expect(await counts()).toEqual(wanted);
  });

  then("a release takes its steps in their order, and what it replaces is gone", async () => {
    const former = new Set((await surroundings.serving()).flat());
    const outcome = await up(release.config("2.2.0"));
    succeeded(outcome);
    expect(outcome.steps.map(stepText)).toEqual(release.steps);
    await expectServing("2.2.0");
    for (const image of former) await gone(image);
  });

  it.each(changes)(
    "a change of config changes what it says and nothing else: $name",
    { concurrent: false },
    async ({ config, steps }) => {
      const outcome = await up(config);
      succeeded(outcome);
      expect(outcome.steps.map(stepText)).toEqual(steps);
    },
  );

  it.each(drifts)("what somebody did by hand is found and dealt with: $name", { concurrent: false }, async (drift) => {
    await surroundings.change(drift.object, drift.patch);
    if (drift.shows !== undefined) {
      const { status, output } = await project.drift(stack);
      expect(status).not.toBe(0);
      expect(output).toMatch(drift.shows);
    }
    const outcome = await project.up(stack, "--refresh");
    succeeded(outcome);
    expect(outcome.steps.map(stepText)).toEqual(drift.steps);
  });

  then(`a failed ${release.failure.of} fails the update, the old version serves on, the next up recovers`, async () => {
    const before = await surroundings.serving();
    const version = `2.3.0${failing}`;
    const running = up(release.config(version));
    const carryOn = await surroundings.giveUpEarly(version);
    const outcome = await running;
    await carryOn();
    expect(outcome.status).not.toBe(0);
    for (const said of release.failure.says) expect(outcome.output).toMatch(said);
    expect(await surroundings.serving()).toEqual(before);

    succeeded(await up(release.config("2.3.1")));
    await expectServing("2.3.1");
    await gone(version);
  });

  it.each([
    ["interrupted by Ctrl-C", "SIGINT"],
    ["killed", "SIGKILL"],
  ] as const)(
    "an up that is %s leaves the old version serving, and is recovered from",
    { concurrent: false },
    async (_, signal) => {
      const before = await surroundings.serving();
      const version = `2.4.0-${signal.toLowerCase()}`;
      await project.configure(stack, release.config(`${version}${hanging}`));
      const running = project.start(["up", "--yes", "--skip-preview", "--stack", stack]);
      const end = ended(running);
      await eventually(`${stack}: ${version} runs`, async () => (await surroundings.running(`:${version}`)).length > 0);
      process.kill(signal === "SIGINT" ? (running.pid ?? 0) : -(running.pid ?? 0), signal);
      expect((await end).status).not.toBe(0);
      expect(await surroundings.serving()).toEqual(before);

      // A command that was killed cannot give back its lock.
      if (signal === "SIGKILL") succeeded(await project.run(["cancel", "--yes", "--stack", stack]));
      succeeded(await up(release.config(version)));
      await expectServing(version);
    },
  );

  then("after all that a refresh finds no drift, and an up nothing to change", async () => {
    succeeded(await project.up(stack, "--refresh", "--expect-no-changes"));
  });

  if (guarded !== undefined)
    then("a destroy deletes nothing while something is protected", async () => {
      const before = await project.resources(stack);
      const { status, output } = await project.destroy(stack);
      expect(status).not.toBe(0);
      expect(output).toMatch(guarded.says);
      expect((await project.resources(stack)).map(({ urn }) => urn)).toEqual(before.map(({ urn }) => urn));
      succeeded(await up(guarded.lift));
    });

  then("a destroy leaves nothing but what is retained on purpose", async () => {
    const resources = await project.resources(stack);
    expect(resources).not.toEqual([]);
    succeeded(await project.destroy(stack, "--skip-preview", "--remove"));
    expect(await surroundings.left(resources)).toEqual(retained);
  });
});

function succeeded({ status, output }: Outcome): void {
  if (status !== 0) throw new Error(output);
}

function stepText({ op, type, name }: Step): string {
  return `${op} ${type.split(":").at(-1) ?? ""} ${name}`;
}
