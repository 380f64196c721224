import type { Graph } from "@gatehouse/preview";
import { expect, test } from "vitest";
import { gatehouse } from "./support/gatehouse.ts";

interface HasPods {
  template?: { spec: { hostUsers?: boolean } };
  jobTemplate?: { spec: HasPods };
}

test("one transform changes the pods of a Deployment, a StatefulSet, a Job and a CronJob", async () => {
  const { stdout, stderr } = await gatehouse("preview", "-C", "test/programs/transforms", "dev", "--json");
  expect(stderr).not.toContain("error:");
  const [stack] = (JSON.parse(stdout) as Graph).stacks;
  const pods = (stack?.resources ?? []).flatMap(({ type, inputs }) => {
    const { template, jobTemplate } = (inputs as { spec?: HasPods }).spec ?? {};
    const found = jobTemplate?.spec.template ?? template;
    return found ? [`${type.replace(/^.*:/, "")}: ${String(found.spec.hostUsers)}`] : [];
  });
  expect(pods.sort()).toEqual([
    "CronJob: false",
    "CronJob: false",
    "Deployment: false",
    "Deployment: false",
    "Job: false",
    "StatefulSet: false",
  ]);
});
