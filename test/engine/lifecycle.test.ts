import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Cluster } from "./cluster/cluster.ts";
import { eventually, type KubernetesObject } from "./cluster/kubernetesApi.ts";
import { failing, hanging } from "./cluster/stages.ts";
import { ended, type Outcome, PulumiProject, type Step } from "./pulumi/project.ts";
import { Operators } from "./standIns/operators.ts";

/** A stack whose life is told: a stack that comes later is one entry more. */
interface Life {
  stack: string;
  namespace: string;
  /** The Deployment that a new image rolls. */
  deployment: string;
  image: { key: string; repository: string };
  /** A change of config that says nothing about pods, and the steps that it takes. */
  configChange: { path: string; value: string; steps: string[] };
}

const lives: Life[] = [
  {
    stack: "shield-prod",
    namespace: "shield",
    deployment: "shield",
    image: { key: "shield:image", repository: "gcr.io/materi/shield" },
    configChange: {
      path: "shield:scaling.minReplicas",
      value: "4",
      steps: ["update HorizontalPodAutoscaler shield"],
    },
  },
];

let cluster: Cluster;
let operators: Operators;

beforeAll(async () => {
  cluster = await Cluster.start();
  operators = new Operators(readFileSync(cluster.kubeconfigFile, "utf8"));
});

afterAll(async () => {
  await operators.stop();
  await cluster.stop();
});

describe.each(lives)("$stack", ({ stack, namespace, deployment, image, configChange }) => {
  let project: PulumiProject;
  const kinds = { Deployment: "apps/v1", Job: "batch/v1", Pod: "v1", ServiceAccount: "v1" };

  const list = (kind: keyof typeof kinds) => cluster.api.list(kinds[kind], kind, namespace);
  const names = (objects: KubernetesObject[]) => objects.map(({ metadata }) => metadata.name);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
  const upWithImage = (tag: string) => project.up(stack, "--config", `${image.key}=${image.repository}:${tag}`);

  async function served(): Promise<{ image: string; available: number }> {
    const { spec, status } = await cluster.api.call("GET", path);
    const { containers } = (spec?.template as { spec: { containers: { image: string }[] } }).spec;
    return { image: containers[0]?.image ?? "", available: Number(status?.availableReplicas ?? 0) };
  }

  /** Kubernetes waits ever longer before it runs a failed pod again; the test does not. */
  async function dontRetryJob(): Promise<string> {
    const known = names(await list("Job"));
    let name = "";
    await eventually("a new Job", async () => {
      name = names(await list("Job")).find((job) => !known.includes(job)) ?? "";
      return name !== "";
    });
    const job = `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`;
    await cluster.api.call("PATCH", job, { spec: { backoffLimit: 0 } }, "application/merge-patch+json");
    return name;
  }

  beforeAll(async () => {
    project = await PulumiProject.create({
      environment: { KUBECONFIG: cluster.kubeconfigFile, GATEHOUSE_WAIT_SECONDS: "60" },
    });
    await project.init(stack);
  });

  afterAll(async () => {
    await project.remove();
  });

  it("comes up from nothing", async () => {
    succeeded(await project.up(stack));
    const { available } = await served();
    expect(available).toBeGreaterThan(0);
  });

  it("a second up changes nothing", async () => {
    succeeded(await project.up(stack, "--expect-no-changes"));
  });

  it("a refresh finds no drift", async () => {
    succeeded(await project.refresh(stack, "--expect-no-changes"));
  });

  it("a new image is migrated to, then rolled out, and the old Job is gone", async () => {
    const outcome = await upWithImage("2.2.0");
    succeeded(outcome);
    const [job = ""] = names(await list("Job"));
    expect(names(await list("Job"))).toEqual([job]);
    expect(outcome.steps.filter(({ op }) => op !== "delete-replaced").map(stepText)).toEqual([
      `create-replacement Job ${job}`,
      `replace Job ${job}`,
      `update Deployment ${deployment}`,
    ]);
    expect((await served()).image).toBe(`${image.repository}:2.2.0`);
  });

  it("an up does not undo what the autoscaler did", async () => {
    const scale = { spec: { replicas: 7 } };
    await cluster.api.call("PATCH", `${path}/scale`, scale, "application/merge-patch+json");
    await eventually("seven pods", async () => (await served()).available === 7);
    succeeded(await project.up(stack, "--expect-no-changes"));
    expect((await served()).available).toBe(7);
  });

  it("a change of config changes what it says and nothing else", async () => {
    const outcome = await project.up(stack, "--config-path", "--config", `${configChange.path}=${configChange.value}`);
    succeeded(outcome);
    expect(outcome.steps.map(stepText)).toEqual(configChange.steps);
  });

  it("drift made by hand is shown", async () => {
    const patch = { spec: { template: { spec: { terminationGracePeriodSeconds: 300 } } } };
    const before = await cluster.api.call("GET", path);
    await cluster.api.call("PATCH", path, patch, "application/merge-patch+json");
    const outcome = await project.drift(stack);
    expect(outcome.status).not.toBe(0);
    expect(outcome.output).toContain(`Deployment::${deployment}`);
    expect(outcome.output).toMatch(/terminationGracePeriodSeconds: \d+ => 300/);
    const { template } = before.spec as { template: unknown };
    await cluster.api.call("PATCH", path, { spec: { template } }, "application/merge-patch+json");
    succeeded(await project.drift(stack));
  });

  it("a failed migration fails the update, the old pods still serve, and the next up recovers", async () => {
    const running = upWithImage(`2.3.0${failing}`);
    const job = await dontRetryJob();
    const outcome = await running;
    expect(outcome.status).not.toBe(0);
    expect(outcome.output).toContain(`Job ${namespace}/${job}`);
    expect(outcome.output).toContain(`kubectl -n ${namespace} logs job/${job}`);
    const { image: serving, available } = await served();
    expect(serving).toBe(`${image.repository}:2.2.0`);
    expect(available).toBeGreaterThan(0);

    succeeded(await upWithImage("2.3.1"));
    expect((await served()).image).toBe(`${image.repository}:2.3.1`);
    expect(names(await list("Job"))).not.toContain(job);
    expect(await list("Job")).toHaveLength(1);
  });

  it.each([
    ["interrupted by Ctrl-C", "SIGINT"],
    ["killed", "SIGKILL"],
  ] as const)("an up that is %s leaves the old pods serving, and is recovered from", async (_, signal) => {
    const before = await served();
    const known = names(await list("Job"));
    const running = project.start([
      "up",
      "--yes",
      "--skip-preview",
      "--stack",
      stack,
      "--config",
      `${image.key}=${image.repository}:2.4.0-${signal.toLowerCase()}${hanging}`,
    ]);
    const end = ended(running);
    await eventually("the migration runs", async () => names(await list("Job")).some((job) => !known.includes(job)));
    process.kill(signal === "SIGINT" ? (running.pid ?? 0) : -(running.pid ?? 0), signal);
    expect((await end).status).not.toBe(0);
    expect(await served()).toEqual(before);

    // A command that was killed cannot give back its lock.
    if (signal === "SIGKILL") succeeded(await project.run(["cancel", "--yes", "--stack", stack]));
    succeeded(await upWithImage(`2.4.1-${signal.toLowerCase()}`));
    expect((await served()).image).toBe(`${image.repository}:2.4.1-${signal.toLowerCase()}`);
    succeeded(await project.up(stack, "--expect-no-changes"));
  });

  it("destroy leaves nothing", async () => {
    succeeded(await project.destroy(stack));
    expect(names(await cluster.api.list("v1", "Namespace"))).not.toContain(namespace);
    succeeded(await project.run(["stack", "rm", "--yes", stack]));
  });
});

function succeeded({ status, output }: Outcome): void {
  if (status !== 0) throw new Error(output);
}

function stepText({ op, type, name, object }: Step): string {
  return `${op} ${type.split(":").at(-1) ?? ""} ${object ?? name}`;
}
