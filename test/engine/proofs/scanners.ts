import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { KubernetesObject } from "../cluster/kubernetesApi.ts";
import { goTool } from "../tools/goTools.ts";
import { pythonTool } from "../tools/pythonTools.ts";

interface CheckovReport {
  results: { failed_checks: { check_id: string; resource: string }[] };
}

interface KubeScoreObject {
  type_meta: { kind: string };
  object_meta: { name: string; namespace?: string };
  checks: { check: { id: string }; grade: number; skipped: boolean }[] | null;
}

/** The grade that kube-score gives when it finds nothing. */
const allOk = 10;

/** Findings of checkov and kube-score, each as "RULE KIND NAMESPACE/NAME". */
export async function scannerFindings(objects: KubernetesObject[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-scan-"));
  try {
    const file = join(folder, "objects.yaml");
    writeFileSync(file, objects.map((object) => stringify(object)).join("---\n"));
    return [...new Set([...(await checkov(file)), ...(await kubeScore(file))])].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without what it would otherwise fetch from its maker. */
async function checkov(file: string): Promise<string[]> {
  const program = join(await pythonTool("checkov"), "checkov");
  const options = ["--framework", "kubernetes", "--quiet", "--compact", "--skip-download", "--soft-fail"];
  const output = await run(program, [...options, "--output", "json", "--file", file]);
  const { results } = JSON.parse(output) as CheckovReport;
  return results.failed_checks.map(({ check_id, resource }) => {
    const [kind = "", namespace = "", ...name] = resource.split(".");
    return finding(check_id, kind, namespace, name.join("."));
  });
}

async function kubeScore(file: string): Promise<string[]> {
  const program = join(await goTool("kube-score"), "kube-score");
  const output = await run(program, ["score", "--output-format", "json", file], 1);
  return (JSON.parse(output) as KubeScoreObject[]).flatMap(({ type_meta, object_meta, checks }) =>
    (checks ?? [])
      .filter(({ grade, skipped }) => grade < allOk && !skipped)
      .map(({ check }) => finding(check.id, type_meta.kind, object_meta.namespace ?? "default", object_meta.name)),
  );
}

/** Standard output of a program that ends with the expected status. */
async function run(program: string, args: string[], expected = 0): Promise<string> {
  const { status, stdout, stderr } = await new Promise<{ status: unknown; stdout: string; stderr: string }>(
    (resolve) => {
      execFile(program, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        resolve({ status: error?.code ?? 0, stdout, stderr });
      });
    },
  );
  if (status !== expected) throw new Error(`${program} ended with ${String(status)}: ${stderr}`);
  return stdout;
}

/** A name that ends in a hash of the object's content stands for every one. */
function finding(rule: string, kind: string, namespace: string, name: string): string {
  return `${rule} ${kind} ${namespace}/${name.replace(/-[0-9a-f]{8}$/, "")}`;
}
