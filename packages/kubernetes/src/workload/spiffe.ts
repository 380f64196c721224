import { posix } from "node:path";
import type { EnvironmentArgs, Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type { VolumeArgs } from "../pod/container/volume.ts";

/**
 * An identity of SPIFFE: SPIRE's controller manager registers the pods for it, and SPIRE's agent gives them documents
 * that prove it, by the Workload API.
 */
export interface SpiffeArgs {
  /** Trust domain of the SPIRE server, for example `example.org`. */
  trustDomain: string;
  /** Path of the identity: `/atb/broker` makes it `spiffe://example.org/atb/broker`. */
  path: string;
  /**
   * Class of the controller that registers the identity, where a cluster has several.
   * @default none: a controller without a class
   */
  className?: string;
  /**
   * Name of the ClusterSPIFFEID, which all namespaces of the cluster share.
   * @default the workload's name
   */
  registrationName?: string;
  /**
   * Socket of the Workload API as the program finds it, by `SPIFFE_ENDPOINT_SOCKET`. The CSI driver mounts the agent's
   * own directory, so that the file's name is the one that the agent gives it.
   * @default "/run/spire/sockets/agent.sock"
   */
  agentSocket?: string;
}

function socketOf({ agentSocket = "/run/spire/sockets/agent.sock" }: SpiffeArgs): string {
  return agentSocket;
}

/** The agent's socket by a CSI driver, since a directory of the node is refused in a restricted namespace. */
export function spiffeVolume(args: SpiffeArgs): VolumeArgs {
  return { name: "spiffe", mountPath: posix.dirname(socketOf(args)), csiDriver: "csi.spiffe.io" };
}

/** The variable that SPIFFE's libraries read. */
export function spiffeEnvironment(args: SpiffeArgs): EnvironmentArgs {
  return { values: { SPIFFE_ENDPOINT_SOCKET: `unix://${socketOf(args)}` } };
}

/** Pods that are to be registered. */
interface RegisteredPods {
  namespace: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  podLabels: Record<string, string>;
}

function serviceAccountSelector(name: pulumi.Input<string>): pulumi.Input<string> {
  return typeof name === "string" ? `k8s:sa:${name}` : pulumi.interpolate`k8s:sa:${name}`;
}

/** Spec of the ClusterSPIFFEID. The agent attests a pod by the selectors, the controller finds it by its labels. */
export function spiffeRegistration(
  { trustDomain, path, className }: SpiffeArgs,
  { namespace, serviceAccount, podLabels }: RegisteredPods,
): object {
  return {
    className,
    spiffeIDTemplate: `spiffe://${trustDomain}${path}`,
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: { matchLabels: podLabels },
    workloadSelectorTemplates: [pulumi.interpolate`k8s:ns:${namespace}`, serviceAccountSelector(serviceAccount)],
  };
}

/** https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md, sections 2.1 and 2.2. */
export function checkSpiffe(subject: string, args: SpiffeArgs): Problem[] {
  const { trustDomain, path } = args;
  return [
    ...(/^[a-z0-9._-]{1,255}$/.test(trustDomain)
      ? []
      : [
          {
            subject: `${subject}.spiffe.trustDomain`,
            message: "not a trust domain",
            value: trustDomain,
            expected: "lower-case letters, digits, dots, dashes and underscores, without spiffe://",
          },
        ]),
    ...(/^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/.test(path)
      ? []
      : [
          {
            subject: `${subject}.spiffe.path`,
            message: "not the path of an identity",
            value: path,
            expected: "segments of letters, digits, dots, dashes and underscores, each after a slash: /atb/broker",
          },
        ]),
    ...(/^(\/[^/:]+){2,}$/.test(socketOf(args))
      ? []
      : [
          {
            subject: `${subject}.spiffe.agentSocket`,
            message: "not the path of a socket in a directory of its own",
            value: socketOf(args),
            expected: "a path like /run/spire/sockets/agent.sock",
          },
        ]),
  ];
}
