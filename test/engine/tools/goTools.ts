import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "./cacheDirectory.ts";
import { withLock } from "./lock.ts";

/** How a tool is built from the module that its folder's go.mod pins. */
interface Recipe {
  version: string;
  /** Packages of the programs; each program has its package's last name. */
  packages: string[];
  /** Values that the programs' own build sets. */
  variables?: Record<string, string>;
}

const kubernetesVersion = "k8s.io/component-base/version";

const recipes = {
  pulumi: {
    version: "3.256.0",
    packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
    variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.256.0" },
  },
  etcd: { version: "3.7.3", packages: ["go.etcd.io/etcd/server/v3"] },
  kubernetes: {
    version: "1.36.3",
    packages: ["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(
      (name) => `k8s.io/kubernetes/cmd/${name}`,
    ),
    variables: {
      [`${kubernetesVersion}.gitVersion`]: "v1.36.3",
      [`${kubernetesVersion}.gitMajor`]: "1",
      [`${kubernetesVersion}.gitMinor`]: "36",
    },
  },
  // From the same sources as the API server, in a folder of its own so that one is built without the other.
  kubectl: {
    version: "1.36.3",
    packages: ["k8s.io/kubernetes/cmd/kubectl"],
    variables: { [`${kubernetesVersion}.gitVersion`]: "v1.36.3" },
  },
  "kube-score": { version: "1.20.0", packages: ["github.com/zegl/kube-score/cmd/kube-score"] },
  kwok: { version: "0.8.0", packages: ["sigs.k8s.io/kwok/cmd/kwok"] },
  opa: { version: "1.22.2", packages: ["github.com/open-policy-agent/opa"] },
  redis_exporter: { version: "1.62.0", packages: ["github.com/oliver006/redis_exporter"] },
} satisfies Record<string, Recipe>;

export type GoTool = keyof typeof recipes;

export const goTools = Object.keys(recipes) as GoTool[];

/** The Go command, or `undefined` where there is none. */
export function findGo(): string | undefined {
  const candidates = ["go", "/usr/local/go/bin/go"];
  return candidates.find((command) => {
    try {
      execFileSync(command, ["version"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
}

export class MissingToolError extends Error {}

/** What to do on a machine without Go. */
export const howToGetGo = "Go 1.26 or later is needed to build the tools: https://go.dev/doc/install";

/**
 * The folder with a tool's programs, built by the first who asks for them.
 * @param say Is told what takes long.
 * @throws MissingToolError without Go.
 */
export async function goTool(name: GoTool, say: (line: string) => void = () => undefined): Promise<string> {
  const recipe: Recipe = recipes[name];
  const source = join(import.meta.dirname, name);
  const flags = buildFlags(recipe);
  const inputs = ["go.mod", "go.sum"].map((file) => readFileSync(join(source, file)));
  const hash = createHash("sha256").update([...inputs, ...flags].join("\n"));
  const target = join(cacheDirectory(), `${name}-${recipe.version}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(target)) return target;

  const go = findGo();
  if (go === undefined) throw new MissingToolError(`${name} ${recipe.version} is not built yet; ${howToGetGo}`);
  mkdirSync(cacheDirectory(), { recursive: true });
  return withLock(`${target}.lock`, async () => {
    if (existsSync(target)) return target;
    say(`building ${name} ${recipe.version}`);
    const start = performance.now();
    const unfinished = `${target}.${process.pid}`;
    mkdirSync(unfinished, { recursive: true });
    try {
      await build(go, source, recipe, flags, unfinished);
      renameSync(unfinished, target);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    say(`built ${name} ${recipe.version} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    return target;
  });
}

function buildFlags({ variables = {} }: Recipe): string[] {
  const settings = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
  return ["-trimpath", "-mod=readonly", "-ldflags", ["-s -w", ...settings].join(" ")];
}

async function build(go: string, source: string, { packages }: Recipe, flags: string[], into: string): Promise<void> {
  for (const path of packages) {
    const program = path.split("/").findLast((part) => !/^v\d+$/.test(part)) ?? path;
    const output = join(into, program === "server" ? "etcd" : program);
    await promisify(execFile)(go, ["build", ...flags, "-o", output, path], {
      cwd: source,
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "" },
      maxBuffer: 64 * 1024 * 1024,
    });
  }
}
