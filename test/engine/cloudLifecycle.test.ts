import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Outcome, PulumiProject, type Step } from "./pulumi/project.ts";

/** A stack whose cloud is a stand-in: a stack that comes later is one entry more. */
interface Life {
  stack: string;
  /** Changes of config, and the steps that each takes. */
  changes: { name: string; config: string[]; steps: string[] }[];
  /** The resource at which a destroy stops, since its deletion protection is on, and those that hold data. */
  guarded: { stopsAt: string; keeps: string[] };
}

const images = "us-central1-docker.pkg.dev/agent-foundry-prod/af-identity";
const digest = `sha256:${"9".repeat(64)}`;

const lives: Life[] = [
  {
    stack: "identity-prod",
    guarded: { stopsAt: "identity", keeps: ["identity-db", "identity-redis"] },
    changes: [
      {
        name: "a new image rolls the service and nothing else",
        config: [`identity:image=${images}/af-identity-service@${digest}`],
        steps: ["update gcp:cloudrunv2/service:Service identity"],
      },
      {
        name: "a new migration runs before the service is rolled",
        config: [
          `identity:migration.image=${images}/af-identity-migrations@${digest}`,
          `identity:image=${images}/af-identity-service@sha256:${"8".repeat(64)}`,
        ],
        steps: ["update gcp:cloudrunv2/job:Job identity-migrations", "update gcp:cloudrunv2/service:Service identity"],
      },
    ],
  },
];

describe.each(lives)("$stack", ({ stack, changes, guarded }) => {
  let project: PulumiProject;

  beforeAll(async () => {
    project = await PulumiProject.create({ environment: { KUBECONFIG: "" } });
    await project.init(stack);
  });

  afterAll(async () => {
    await project.remove();
  });

  it("comes up from nothing", async () => {
    succeeded(await project.up(stack));
  });

  it("a second up changes nothing", async () => {
    succeeded(await project.up(stack, "--expect-no-changes"));
  });

  it("a refresh finds no drift", async () => {
    succeeded(await project.refresh(stack, "--expect-no-changes"));
  });

  it.each(changes)("$name", async ({ config, steps }) => {
    const outcome = await project.up(stack, "--config-path", ...config.flatMap((value) => ["--config", value]));
    succeeded(outcome);
    expect(outcome.steps.map(stepText)).toEqual(steps);
  });

  it("destroy stops at what holds data", async () => {
    const { status, output } = await project.destroy(stack);
    expect(status).not.toBe(0);
    expect(output).toContain(`${guarded.stopsAt} is not deleted: deletion protection is on`);
    const { output: state } = await project.run(["stack", "export", "--stack", stack]);
    const { deployment } = JSON.parse(state) as { deployment: { resources: { urn: string }[] } };
    const left = deployment.resources.map(({ urn }) => urn.split("::").at(-1));
    for (const name of guarded.keeps) expect(left).toContain(name);
  });
});

function succeeded({ status, output }: Outcome): void {
  if (status !== 0) throw new Error(output);
}

function stepText({ op, type, name }: Step): string {
  return `${op} ${type} ${name}`;
}
