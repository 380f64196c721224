import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCluster } from "./cluster/testCluster.ts";
import { commandsOf, docsCommands } from "./commands/docsCommands.ts";
import { notRun } from "./commands/notRun.ts";
import { type RunCommand, runCommands } from "./commands/run.ts";
import { applyObjects, removeObjects } from "./proofs/admission.ts";
import { repository, stackObjects } from "./proofs/objects.ts";
import { proveRunning } from "./proofs/running.ts";
import { goTool } from "./tools/goTools.ts";

const stacks = await stackObjects(repository, ["atb-prod", "atb-dev", "shield-prod", "airlock-prod"]);
const storage = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "standard", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "example.com/disk",
  allowVolumeExpansion: true,
};

const cluster = testCluster();
let folder: string;
let path: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-commands-"));
  path = [await goTool("kubectl"), process.env.PATH].join(delimiter);
  const key = ["req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=atb.example.com"];
  execFileSync("openssl", [...key, "-keyout", "broker.key", "-out", "broker.crt"], { cwd: folder, stdio: "ignore" });
  execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", "signing.key"], { cwd: folder });
  copyFileSync(join(folder, "broker.crt"), join(folder, "bundle.pem"));
  await cluster().api.apply(storage);
  for (const stack of stacks) expect(await applyObjects(cluster().api, stack)).toEqual([]);
  for (const stack of stacks) expect(await proveRunning(cluster().api, stack)).toEqual([]);
});

afterAll(async () => {
  for (const stack of stacks) await removeObjects(cluster().api, stack);
  await cluster().api.remove(storage);
  rmSync(folder, { recursive: true });
});

/** Exit status and output of a command, in a shell that has its placeholders' values. */
function answer({
  command,
  values = {},
  dryRun = false,
  then,
}: RunCommand): Promise<{ status: unknown; output: string }> {
  let text = dryRun ? `${command} --dry-run=server` : command;
  for (const [placeholder, value] of Object.entries(values)) text = text.replaceAll(placeholder, value);
  if (then !== undefined) text = `${text}\n${then}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: cluster().kubeconfigFile };
  return new Promise((resolve) => {
    execFile("sh", ["-euc", text], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ status: error?.code ?? 0, output: (stdout === "" ? stderr : stdout).trim() });
    });
  });
}

describe("the commands of the docs", () => {
  it("are each run here, or not run for a reason", () => {
    const listed = [...runCommands.map(({ command }) => command), ...Object.values(notRun).flat()];
    expect(listed.filter((command, index) => listed.indexOf(command) !== index)).toEqual([]);
    expect(listed.sort()).toEqual(docsCommands().sort());
  });

  it.each(runCommands)("$command", async (command) => {
    const { status, output } = await answer(command);
    expect(output).toMatch(command.answer);
    expect(status).toBe(0);
  });

  it("are found in blocks, over lines, and in sentences", () => {
    const text =
      "Run `kubectl get pods`, not `kubectl` or `atb:image`:\n\n   ```sh\n   # First\n   pulumi up \\\n     -s shop\n   ```\n\n```ts\nnot();\n```\n";
    expect(commandsOf(text)).toEqual(["pulumi up -s shop", "kubectl get pods"]);
  });

  it("a command that the cluster does not know fails", async () => {
    expect(await answer({ command: "kubectl -n atb get deployments/gone", answer: /./ })).toEqual({
      status: 1,
      output: 'Error from server (NotFound): deployments.apps "gone" not found',
    });
  });
});
