import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { readGraph } from "../../src/index.ts";
import type { StackGraph } from "../../src/index.ts";
import { gatehouse, plainProject, temporaryFolder, temporaryProject } from "../support.ts";

const project = temporaryProject({
  "Pulumi.yaml": plainProject,
  "package.json": '{"type":"module"}',
  "index.ts": `
    import * as k8s from "@pulumi/kubernetes";
    new k8s.helm.v3.Chart("cache", {
      chart: "redis",
      version: "1.2.3",
      namespace: "shop",
      fetchOpts: { repo: "https://charts.example.com" },
      values: { password: "in-values" },
    });
  `,
});

async function previewWith(path: string): Promise<{ stack: StackGraph | undefined; stderr: string }> {
  const { stdout, stderr } = await gatehouse(["preview", "dev", "-C", project, "--json"], {
    environment: { PATH: path },
  });
  return { stack: readGraph(stdout).stacks[0], stderr };
}

/** A folder with a `helm` that keeps what it is given and runs the script. */
function standIn(script: string): string {
  const folder = temporaryFolder();
  const helm = join(folder, "helm");
  writeFileSync(helm, `#!/bin/sh\necho "$@" > ${folder}/arguments\ncat > ${folder}/values\n${script}\n`);
  chmodSync(helm, 0o755);
  return folder;
}

const systemPath = ["/usr/bin", "/bin"].join(delimiter);

test("a chart is rendered by helm; its values do not go onto the command line", async () => {
  const folder = standIn(
    "printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata:\\n  name: redis\\n---\\n# only a comment\\n'",
  );
  const { stack } = await previewWith([folder, systemPath].join(delimiter));
  expect(stack?.resources.find(({ type }) => type === "kubernetes:core/v1:ConfigMap")?.inputs).toMatchObject({
    metadata: { name: "redis", namespace: "shop" },
  });
  expect(stack?.diagnostics).toEqual([]);
  expect(readFileSync(join(folder, "arguments"), "utf8")).toBe(
    "template cache redis --namespace=shop --values=- --repo=https://charts.example.com --version=1.2.3 " +
      "--include-crds --skip-tests\n",
  );
  expect(JSON.parse(readFileSync(join(folder, "values"), "utf8"))).toEqual({ password: "in-values" });
});

test("what helm says is the error", async () => {
  const { stderr } = await previewWith([standIn("echo 'chart not found' >&2; exit 1"), systemPath].join(delimiter));
  expect(stderr).toContain("helm template cache: chart not found");
});

test("without helm, a warning says that the chart's objects are missing", async () => {
  const { stack } = await previewWith(temporaryFolder());
  expect(stack?.diagnostics).toEqual([
    {
      severity: "warning",
      message:
        "kubernetes:helm:template: the objects of a Helm chart are not known and not counted: install helm, or give " +
        "them as a fixture",
    },
  ]);
});
