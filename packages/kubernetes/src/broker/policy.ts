import { contentHash, type EnvironmentArgs } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../pod/container/container.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";
import { authorization, authorizationFile } from "./authorization.ts";

/** OPA as a sidecar of the program. */
export interface PolicyEngineArgs {
  /** Image of OPA 1.0 or later, whose entry point is `opa`. */
  image: Input<string>;
  /**
   * Requests and limits.
   * @default requests 100m and 128Mi, limits 500m and 512Mi
   */
  resources?: ResourcesArgs;
  /**
   * Port on which OPA answers. Only the pod's own containers reach it.
   * @default 8181
   */
  port?: number;
  /**
   * Port of health and metrics.
   * @default 8282
   */
  diagnosticPort?: number;
  /**
   * Variable that holds the decision's URL: `http://127.0.0.1:8181/v1/data/atb/poa/decision`. The program posts its
   * input there; OPA refuses every other request. For an undefined decision OPA answers 200 without `result`, and the
   * program must deny.
   * @default "POLICY_URL"
   */
  variable?: string;
}

/**
 * A sidecar that signals the program when the mounted policy has changed, so that a new policy needs no new pods. The
 * containers of the pod then share one process namespace: every sidecar can read the program's environment, secrets
 * included.
 */
export interface PolicyReloadArgs {
  /** Image with a POSIX shell, `pidof`, `readlink` and `sleep`, such as `busybox:1.37.0`. */
  image: Input<string>;
  /** Name of the program's process, as `pidof` finds it: `airlock`. */
  process: string;
  /**
   * Signal at which the program loads its policy.
   * @default "HUP"
   */
  signal?: string;
  /**
   * Seconds between two looks at the policy. The kubelet itself takes up to about a minute to update the files.
   * @default 5
   */
  intervalSeconds?: number;
  /**
   * Requests and limits.
   * @default requests 10m and 16Mi, limits 50m and 32Mi
   */
  resources?: ResourcesArgs;
}

/** Policy in Rego that decides whether a request is allowed. */
export interface PolicyArgs {
  /** Files of the policy, by names that end in `.rego`. Leave its tests out. */
  files: Record<string, string>;
  /** Path of the rule that decides, from its package and its name: `atb/poa/decision`. */
  entryPoint: string;
  /**
   * OPA as a sidecar, which has the files.
   * @default none: the program evaluates the policy itself, and has the files in `directory`
   */
  engine?: PolicyEngineArgs;
  /**
   * Signals the program when the policy changes, in place of new pods. Only for a program that evaluates the policy
   * itself.
   * @default none: a change rolls the pods, and old pods keep the policy that they started with
   */
  reload?: PolicyReloadArgs;
  /**
   * Name of the ConfigMap. Without `reload`, a hash of the files is appended.
   * @default the component's name, with -policy
   */
  configMapName?: string;
  /**
   * Directory of the files, in the container that evaluates them.
   * @default "/etc/policy"
   */
  directory?: string;
  /**
   * Command by which the files are compiled before anything is deployed.
   * @default `opa`, where it is on the PATH; else only the files' form and the entry point are checked
   */
  opaCommand?: string;
}

/** Files in the policy's volume: its own and, with a sidecar, the authorization of OPA's API. */
export function policyFiles({ files, engine, entryPoint }: PolicyArgs): Record<string, string> {
  return engine ? { ...files, [authorizationFile]: authorization(entryPoint) } : files;
}

/**
 * The ConfigMap's name follows its content, so a change rolls the pods and old pods keep their policy. With `reload` it
 * stays, so the files change in running pods.
 */
export function policyMapName(name: string, policy: PolicyArgs): string {
  const { configMapName = `${name}-policy`, reload } = policy;
  return reload ? configMapName : `${configMapName}-${contentHash(policyFiles(policy))}`;
}

export function policyVolume({ directory = "/etc/policy" }: PolicyArgs, configMap: Input<string>): VolumeArgs {
  return { name: "policy", mountPath: directory, configMap };
}

/** Variables of a program that asks OPA. */
export function policyEnvironment({ engine, entryPoint }: PolicyArgs): EnvironmentArgs {
  if (!engine) return {};
  const { port = 8181, variable = "POLICY_URL" } = engine;
  return { values: { [variable]: `http://127.0.0.1:${port}/v1/data/${entryPoint}` } };
}

const defaultResources: ResourcesArgs = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/** Name of OPA's diagnostic port. */
export const diagnosticPortName = "opa-diagnostic";

/**
 * OPA as a native sidecar: up before the program starts, and until it has ended. Only the pod reaches its API; the
 * kubelet and Prometheus reach a port that has nothing but health and metrics.
 */
export function policySidecar(engine: PolicyEngineArgs, volume: VolumeArgs): ContainerArgs {
  const { image, resources = defaultResources, port = 8181, diagnosticPort = 8282 } = engine;
  const health = { path: "/health", port: diagnosticPort };
  return {
    name: "opa",
    image,
    arguments: [
      "run",
      "--server",
      // An address and not `localhost`, which the program and OPA could resolve to different families.
      `--addr=127.0.0.1:${port}`,
      // Without a host OPA listens on IPv4 and IPv6.
      `--diagnostic-addr=:${diagnosticPort}`,
      // Without it, any container of the pod could replace the policy through the API.
      "--authorization=basic",
      // A ConfigMap's files are links into hidden directories, which would be loaded a second time.
      "--ignore=.*",
      "--log-format=json",
      "--log-level=info",
      "--skip-version-check",
      volume.mountPath,
    ],
    ports: [{ name: diagnosticPortName, port: diagnosticPort }],
    resources,
    startup: { ...health, periodSeconds: 1, failureThreshold: 30 },
    readiness: health,
    liveness: health,
    volumes: [volume],
  };
}
