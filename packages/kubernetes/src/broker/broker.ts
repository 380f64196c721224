import {
  childOptions,
  checkedArgs,
  describe,
  type Endpoint,
  type EnvironmentArgs,
  mergeEnvironments,
  operatorLabels,
  type Problem,
  recommendedLabels,
  throwIfAny,
} from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import {
  type CertificateArgs,
  certificateAnnotations,
  certificateEnvironment,
  certificateVolume,
} from "./certificate.ts";
import { checkNodeOptions } from "./nodeOptions.ts";
import {
  type PolicyArgs,
  policyEnvironment,
  policyFiles,
  policyMapName,
  policySidecar,
  policyVolume,
} from "./policy.ts";
import { checkPolicy } from "./policyCheck.ts";
import { checkPolicyReload, reloadSidecar } from "./policyReload.ts";
import { sidecarAdmissions, sidecarMonitorSpec, sidecarPorts } from "./sidecarMonitor.ts";
import {
  checkUpstreams,
  defaultUpstreamDirectory,
  socketVolume,
  type UpstreamSidecarArgs,
  upstreamSidecars,
} from "./upstreams.ts";
import type { ContainerArgs } from "../pod/container/container.ts";
import type { ServiceTargetArgs } from "../network/target.ts";
import { LogForwarder, type LogForwarderOptionsArgs } from "../logs/logForwarder.ts";
import { MetricsDiscovery } from "../workload/metrics.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";
import { Workload } from "../workload/workload.ts";
import type { WorkloadArgs } from "../workload/workloadArgs.ts";
import { selectorLabels } from "../workload/workloadPod.ts";
import { argsSchema } from "../argsSchema.ts";

export interface BrokerArgs extends WorkloadArgs {
  /**
   * Policy that decides whether a request is allowed.
   * @default none: the program decides by its own rules
   */
  policy?: PolicyArgs;
  /**
   * Certificate with which the broker itself ends its clients' TLS, so that it can ask them for theirs. An edge before
   * it has `tlsPassthrough`.
   * @default none: the edge terminates TLS
   */
  certificate?: CertificateArgs;
  /**
   * Whether the broker refuses new requests, in the variable `MAINTENANCE_MODE`.
   * @default no such variable
   */
  maintenanceMode?: boolean;
  /**
   * Audit log of the broker's decisions, and its sink.
   * @default none
   */
  auditLog?: LogForwarderOptionsArgs;
  /**
   * Servers in the broker's pods to which it passes requests, each through a Unix socket.
   * @default none
   */
  upstreams?: UpstreamSidecarArgs[];
  /**
   * Directory of the upstreams' sockets, in the broker and in each of them.
   * @default "/run/mcp"
   */
  upstreamDirectory?: string;
}

/**
 * A service that stands between clients and what they may reach, and decides each request: a `Workload` with a policy,
 * a certificate of its own, an audit log and servers beside it. All of it is there before the first pod starts; a
 * change of policy rolls the pods. Where the pods are scraped, so are the policy's engine and the log's forwarder.
 * @throws InputError for arguments that would fail only once deployed.
 */
export class Broker extends pulumi.ComponentResource {
  /** Name of the Service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Endpoint of the broker, for other programs' `connectsTo`. */
  public readonly endpoint: Endpoint;
  /** The Service and its pods, for the `target` of an Edge. */
  public readonly target: ServiceTargetArgs;

  constructor(name: string, args: BrokerArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "BrokerArgs", `${name} (Broker)`, args);
    super("gatehouse:kubernetes:Broker", name, {}, opts);
    throwIfAny(checkBroker(describe(name, this), args));

    const policy = args.policy && this.createPolicy(name, args, args.policy);
    const auditLog = args.auditLog && this.createAuditLog(name, args, args.auditLog);
    const sidecars = [...(policy?.sidecars ?? []), ...(auditLog ? [auditLog.sidecar] : [])];
    const broker = new Workload(name, completed(args, { policy, auditLog, sidecars }), childOptions(this, opts));
    this.createSidecarMonitor(name, args, sidecars, opts);

    this.serviceName = broker.serviceName;
    this.endpoint = broker.endpoint;
    this.target = broker.target;
    this.registerOutputs({ serviceName: this.serviceName, endpoint: this.endpoint, target: this.target });
  }

  private createPolicy(name: string, args: BrokerArgs, policy: PolicyArgs): PolicyParts {
    const { namespace, labels } = args;
    const metadata = objectMeta(name, this, {
      kind: "ConfigMap",
      name: policyMapName(name, policy),
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
    });
    const files = new core.ConfigMap(
      `${name}-policy`,
      { metadata, data: policyFiles(policy), ...(!policy.reload && { immutable: true }) },
      { parent: this },
    );
    const volume = policyVolume(policy, files.metadata.name);
    const environment = policyEnvironment(policy);
    if (policy.engine) return { environment, sidecars: [policySidecar(policy.engine, volume)], volumes: [] };
    return { environment, sidecars: policy.reload ? [reloadSidecar(policy.reload, volume)] : [], volumes: [volume] };
  }

  private createAuditLog(name: string, args: BrokerArgs, auditLog: LogForwarderOptionsArgs): LogForwarder {
    const { namespace, labels } = args;
    return new LogForwarder(`${name}-audit-log`, { ...auditLog, namespace, labels }, { parent: this });
  }

  private createSidecarMonitor(
    name: string,
    args: BrokerArgs,
    sidecars: ContainerArgs[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const { namespace, labels, metrics } = args;
    // One annotation names one port of a pod, which is the program's.
    if (!metrics || metrics.discovery === MetricsDiscovery.Annotations || sidecarPorts(sidecars).length === 0) return;
    const metadata = objectMeta(name, this, {
      kind: "PodMonitor",
      name: `${name}-sidecars`,
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels, ...(metrics.monitorLabels ?? operatorLabels) },
    });
    new CustomResource(
      `${name}-sidecar-monitor`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PodMonitor",
        metadata,
        spec: sidecarMonitorSpec(metrics, selectorLabels(name, args), sidecars),
      },
      childOptions(this, opts),
    );
  }
}

/** Checks a broker's own parts for what would fail only once deployed. */
function checkBroker(subject: string, { policy, upstreams, upstreamDirectory, environment }: BrokerArgs): Problem[] {
  return [
    ...checkNodeOptions(subject, environment),
    ...(policy ? checkPolicy(`${subject}.policy`, policy) : []),
    ...(policy ? checkPolicyReload(`${subject}.policy`, policy) : []),
    ...(upstreams
      ? checkUpstreams(`${subject}.upstreams`, upstreams, upstreamDirectory ?? defaultUpstreamDirectory)
      : []),
    ...(upstreamDirectory !== undefined && !upstreams
      ? [
          {
            subject: `${subject}.upstreamDirectory`,
            message: "there are no upstreams, so the directory would be ignored",
            value: upstreamDirectory,
            expected: "upstreams, or no upstreamDirectory",
          },
        ]
      : []),
  ];
}

/** Parts of the pods that a policy adds. */
interface PolicyParts {
  environment: EnvironmentArgs;
  sidecars: ContainerArgs[];
  volumes: VolumeArgs[];
}

interface Parts {
  policy?: PolicyParts;
  auditLog?: LogForwarder;
  sidecars: ContainerArgs[];
}

/** Arguments of the workload, completed by the broker's own. */
function completed(args: BrokerArgs, parts: Parts): WorkloadArgs {
  const { policy, certificate, maintenanceMode, auditLog, upstreams, upstreamDirectory, ...workload } = args;
  const directory = upstreamDirectory ?? defaultUpstreamDirectory;
  const { sidecars } = parts;
  const { metrics } = workload;
  return {
    ...workload,
    environment: mergeEnvironments(
      parts.policy?.environment,
      certificate && certificateEnvironment(certificate),
      maintenanceMode === undefined ? undefined : { values: { MAINTENANCE_MODE: String(maintenanceMode) } },
      workload.environment,
    ),
    volumes: [
      ...(parts.policy?.volumes ?? []),
      ...(certificate ? [certificateVolume(certificate)] : []),
      ...(parts.auditLog ? [parts.auditLog.volume] : []),
      ...(upstreams ? [socketVolume(directory)] : []),
      ...(workload.volumes ?? []),
    ],
    sidecars: [...sidecars, ...upstreamSidecars(upstreams ?? [], directory), ...(workload.sidecars ?? [])],
    shareProcessNamespace: policy?.reload ? true : workload.shareProcessNamespace,
    connectsTo: [...(workload.connectsTo ?? []), ...(parts.auditLog ? [parts.auditLog.endpoint] : [])],
    admits: [...(workload.admits ?? []), ...(metrics ? sidecarAdmissions(metrics, sidecars) : [])],
    podAnnotations: { ...(certificate && certificateAnnotations(certificate)), ...workload.podAnnotations },
  };
}
