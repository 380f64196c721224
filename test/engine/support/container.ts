import { type ChildProcess, spawn } from "node:child_process";
import type * as k8s from "@pulumi/kubernetes/types/output.js";
import { ended, type Outcome } from "./outcome.ts";

type Container = k8s.core.v1.Container;

/** What a container finds around it. */
export interface Surroundings {
  /** Directories that stand for the paths at which volumes are mounted. */
  mounts: Record<string, string>;
  /** Values of Secrets, as `name/key`. */
  secrets: Record<string, string>;
  /** Variables that the image or the tests bring. */
  environment: Record<string, string>;
  /** As whom it runs. */
  user?: { uid?: number; gid?: number };
}

function mounted(text: string, mounts: Record<string, string>): string {
  const [path, directory] = Object.entries(mounts).find(([path]) => text === path || text.startsWith(`${path}/`)) ?? [];
  return path === undefined || directory === undefined ? text : directory + text.slice(path.length);
}

/** The container's environment, as the kubelet makes it: a variable may refer to those before it. */
function environmentOf({ env }: Container, { mounts, secrets, environment }: Surroundings): Record<string, string> {
  const own: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    // What is not given is absent, whatever the type says.
    if (!(valueFrom as typeof valueFrom | undefined)) {
      own[name] = mounted(expanded(value, own), mounts);
      continue;
    }
    const reference = `${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`;
    const secret = secrets[reference];
    if (secret === undefined) throw new Error(`no Secret ${reference}`);
    own[name] = secret;
  }
  return { ...own, ...environment };
}

/** Two dollars become one, and `$(NAME)` the variable of that name, if there is one. */
function expanded(text: string, variables: Record<string, string>): string {
  return text.replace(/\$\$|\$\((\w+)\)/g, (all, name?: string) =>
    name === undefined ? "$" : (variables[name] ?? all),
  );
}

/** Starts a rendered container's command as a process of this machine. */
export function start(container: Container, surroundings: Surroundings, command = container.command): ChildProcess {
  const [program = "", ...rest] = command.map((text) => mounted(text, surroundings.mounts));
  const env = environmentOf(container, surroundings);
  return spawn(program, rest, { env, stdio: ["ignore", "pipe", "pipe"], ...surroundings.user });
}

/** Runs a rendered container to its end. */
export async function run(container: Container, surroundings: Surroundings, command?: string[]): Promise<Outcome> {
  return ended(start(container, surroundings, command));
}
