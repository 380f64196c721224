import { checkedArgs, checkName, type Problem, recommendedLabels, throwIfAny } from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as apps from "@pulumi/kubernetes/apps/v1/index.js";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as policy from "@pulumi/kubernetes/policy/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { checkCount, repeated } from "../meta/count.ts";
import type { ContainerArgs, PortArgs } from "../pod/container.ts";
import type { AdmissionArgs, Endpoint } from "../network/endpoint.ts";
import { type EnvironmentArgs, mergeEnvironments, variableNames } from "../pod/environment.ts";
import {
  checkMetrics,
  type MetricsArgs,
  MetricsDiscovery,
  metricsPort,
  scrapeAdmission,
  scrapeAnnotations,
  scrapeEndpoint,
} from "./metrics.ts";
import { checkNetworkAccess, NetworkAccess } from "../network/networkAccess.ts";
import type { ServiceTargetArgs } from "../network/target.ts";
import { describe, objectMeta, readableValues } from "../meta/objectMeta.ts";
import { checkPod, type PodIdentityArgs, podSpec } from "../pod/pod.ts";
import type { ProbeArgs } from "../pod/probe.ts";
import type { ResourcesArgs } from "../pod/resources.ts";
import {
  checkRollout,
  checkShutdown,
  checkZones,
  drainSeconds,
  gracePeriodSeconds,
  placement,
  rollingUpdate,
  type RolloutArgs,
  type ShutdownArgs,
  type ZonesArgs,
} from "./rollout.ts";
import {
  autoscalerSpec,
  checkDisruptionBudget,
  checkScaling,
  disruptionBudget,
  type DisruptionBudgetArgs,
  type ScalingArgs,
} from "./autoscaler.ts";
import { checkSpiffe, type SpiffeArgs, spiffeEnvironment, spiffeRegistration, spiffeVolume } from "./spiffe.ts";
import { temporaryDirectory, type VolumeArgs } from "../pod/volume.ts";
import { argsSchema } from "../argsSchema.ts";

/** A stateless program that runs in several like pods behind one Service. */
export interface WorkloadArgs {
  /** Namespace of every object. */
  namespace: pulumi.Input<string>;
  /** Image with a tag other than `latest`, or a digest. */
  image: pulumi.Input<string>;
  /**
   * What is run in place of the image's entry point.
   * @default the image's own
   */
  command?: pulumi.Input<string>[];
  /**
   * Arguments in place of the image's own.
   * @default the image's own
   */
  arguments?: pulumi.Input<string>[];
  /** Ports the program listens on; the first is what the Service's clients and the edge mean. */
  ports: PortArgs[];
  /**
   * Environment of the program. Declared links add the variables that carry their addresses.
   * @default none
   */
  environment?: EnvironmentArgs;
  /** Requests and limits of one pod's main container. */
  resources: ResourcesArgs;
  /** When a pod takes requests; it may ask for the data stores. */
  readiness: ProbeArgs;
  /**
   * When the program must be restarted; it must not depend on a data store or another service, whose failure would
   * then restart every pod at once.
   * @default a TCP connection to the first port
   */
  liveness?: ProbeArgs;
  /**
   * What must succeed once before the other probes begin.
   * @default none
   */
  startup?: ProbeArgs;
  /** Numeric user and group of the processes. */
  identity: PodIdentityArgs;
  /**
   * Number of pods; excludes `scaling`.
   * @default 1, without `scaling`
   */
  replicas?: number;
  /**
   * Bounds and targets of a HorizontalPodAutoscaler; excludes `replicas`.
   * @default none
   */
  scaling?: ScalingArgs;
  /**
   * How many pods a drain of nodes may take away at once.
   * @default `{ maxUnavailable: 1 }`
   */
  disruptionBudget?: DisruptionBudgetArgs;
  /**
   * How pods are replaced by an update.
   * @default `{ maxSurge: 1, maxUnavailable: 0 }`
   */
  rollout?: RolloutArgs;
  /**
   * How the pods share the zones of the cluster.
   * @default `{ rule: "preferred" }`
   */
  zones?: ZonesArgs;
  /**
   * How a pod stops: how long it keeps serving, and how long its requests may take.
   * @default `{ drainSeconds: 10, requestTimeoutSeconds: 30 }`
   */
  shutdown?: ShutdownArgs;
  /**
   * Directories that the program writes to and that vanish with the pod; the root file system is read-only.
   * @default ["/tmp"]
   */
  temporaryDirectories?: string[];
  /**
   * Further volumes of the main container.
   * @default none
   */
  volumes?: VolumeArgs[];
  /**
   * Containers that start before the program and run beside it to the end.
   * @default none
   */
  sidecars?: ContainerArgs[];
  /**
   * Whom the program connects to.
   * @default nobody: only DNS
   */
  connectsTo?: Endpoint[];
  /**
   * Who connects to it without declaring a link: the edge and the like. Monitoring is admitted by `metrics`.
   * @default nobody
   */
  admits?: AdmissionArgs[];
  /**
   * Identity of SPIFFE by which other services know the program.
   * @default none
   */
  spiffe?: SpiffeArgs;
  /**
   * Where Prometheus scrapes.
   * @default none
   */
  metrics?: MetricsArgs;
  /**
   * Labels that select the pods; they can never be changed on a Deployment that exists.
   * @default `{ "app.kubernetes.io/name": <name> }`
   */
  selectorLabels?: Record<string, string>;
  /**
   * Further labels of every object.
   * @default none
   */
  labels?: Record<string, string>;
  /**
   * Annotations of the pods. A change of one replaces the pods, so hashes of mounted files belong here.
   * @default none
   */
  podAnnotations?: Record<string, pulumi.Input<string>>;
  /**
   * Annotations of the ServiceAccount, such as the cloud role that the pods assume.
   * @default none
   */
  serviceAccountAnnotations?: Record<string, pulumi.Input<string>>;
  /**
   * Whether the pods get a token for the Kubernetes API.
   * @default false
   */
  mountServiceAccountToken?: boolean;
}

/**
 * A Deployment with all that belongs to it: ServiceAccount, Service, autoscaler, disruption budget, network policies
 * and scraping. Everything that `opts.dependsOn` names is there before the first pod starts.
 */
export class Workload extends pulumi.ComponentResource {
  /** Name of the Service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Name of the Deployment, known once its pods are ready. */
  public readonly deploymentName: pulumi.Output<string>;
  /** Where other programs reach this one: give it to their `connectsTo`. */
  public readonly endpoint: Endpoint;
  /** The Service and its pods, for the `target` of an Edge. */
  public readonly target: ServiceTargetArgs;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "WorkloadArgs", `${name} (Workload)`, args);
    super("gatehouse:kubernetes:Workload", name, {}, opts);
    throwIfAny(checkWorkload(describe(name, this), name, args));

    const serviceAccount = this.createServiceAccount(name, args);
    const network = this.createNetworkAccess(name, args);
    const registration = args.spiffe && this.createSpiffeRegistration(name, args, args.spiffe);
    const before = [network, ...(registration ? [registration] : [])];
    const deployment = this.createDeployment(name, args, serviceAccount, before, opts);
    const service = this.createService(name, args);
    if (args.scaling) this.createAutoscaler(name, args, args.scaling, deployment);
    this.createDisruptionBudget(name, args);
    if (args.metrics) this.createServiceMonitor(name, args, args.metrics);

    this.serviceName = service.metadata.name;
    this.deploymentName = deployment.metadata.name;
    this.endpoint = workloadEndpoint(name, args);
    this.target = workloadTarget(name, args, this.serviceName);
    const { serviceName, deploymentName, endpoint, target } = this;
    this.registerOutputs({ serviceName, deploymentName, endpoint, target });
  }

  private createServiceAccount(name: string, args: WorkloadArgs): core.ServiceAccount {
    const metadata = this.metadata("ServiceAccount", name, args, args.serviceAccountAnnotations);
    return new core.ServiceAccount(
      `${name}-service-account`,
      { metadata, automountServiceAccountToken: args.mountServiceAccountToken ?? false },
      { parent: this },
    );
  }

  private createNetworkAccess(name: string, args: WorkloadArgs): NetworkAccess {
    const { namespace, connectsTo, admits = [], metrics } = args;
    return new NetworkAccess(
      `${name}-network`,
      {
        namespace,
        podLabels: selectorLabels(name, args),
        policyName: name,
        labels: objectLabels(name, args),
        connectsTo,
        admits: metrics ? [...admits, scrapeAdmission(metrics, metricsPort(metrics, args.ports))] : admits,
      },
      { parent: this },
    );
  }

  private createSpiffeRegistration(name: string, args: WorkloadArgs, spiffe: SpiffeArgs): CustomResource {
    const registered = { namespace: args.namespace, serviceAccount: name, podLabels: selectorLabels(name, args) };
    const metadata = objectMeta(describe(name, this), {
      kind: "ClusterSPIFFEID",
      name: spiffe.registrationName ?? name,
      labels: objectLabels(name, args),
    });
    return new CustomResource(
      `${name}-spiffe-registration`,
      {
        apiVersion: "spire.spiffe.io/v1alpha1",
        kind: "ClusterSPIFFEID",
        metadata,
        spec: spiffeRegistration(spiffe, registered),
      },
      { parent: this },
    );
  }

  private createDeployment(
    name: string,
    args: WorkloadArgs,
    serviceAccount: core.ServiceAccount,
    before: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): apps.Deployment {
    const { replicas, scaling, rollout, shutdown, sidecars, identity, metrics, podAnnotations, ports, zones } = args;
    const podLabels = selectorLabels(name, args);
    const pod = podSpec(describe(name, this), {
      containers: [mainContainer(name, args)],
      sidecars,
      identity,
      serviceAccount: serviceAccount.metadata.name,
      mountServiceAccountToken: args.mountServiceAccountToken,
      terminationGracePeriodSeconds: gracePeriodSeconds(shutdown),
    });
    const spec = {
      // A literal number would undo the autoscaler's at every update.
      replicas: scaling ? undefined : (replicas ?? 1),
      selector: { matchLabels: podLabels },
      strategy: rollingUpdate(rollout),
      template: {
        metadata: {
          labels: { ...objectLabels(name, args), ...podLabels },
          annotations: {
            ...(metrics && scrapeAnnotations(metrics, metricsPort(metrics, ports))),
            ...readableValues(`${describe(name, this)}.podAnnotations`, podAnnotations ?? {}),
          },
        },
        spec: { ...pod, ...placement(podLabels, zones) },
      },
    };
    return new apps.Deployment(
      `${name}-deployment`,
      { metadata: this.metadata("Deployment", name, args), spec },
      // Options that a component is given are not inherited by its children.
      pulumi.mergeOptions(
        { dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
        { parent: this, dependsOn: before },
      ),
    );
  }

  private createService(name: string, args: WorkloadArgs): core.Service {
    const ports = args.ports.map(({ name, port, servicePort = port }) => ({
      name,
      port: servicePort,
      targetPort: port,
      protocol: "TCP",
    }));
    const spec = { type: "ClusterIP", selector: selectorLabels(name, args), ports };
    return new core.Service(
      `${name}-service`,
      { metadata: this.metadata("Service", name, args), spec },
      { parent: this },
    );
  }

  private createAutoscaler(name: string, args: WorkloadArgs, scaling: ScalingArgs, deployment: apps.Deployment): void {
    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name };
    new autoscaling.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      {
        metadata: this.metadata("HorizontalPodAutoscaler", name, args),
        spec: { scaleTargetRef, ...autoscalerSpec(scaling) },
      },
      { parent: this },
    );
  }

  private createDisruptionBudget(name: string, args: WorkloadArgs): void {
    new policy.PodDisruptionBudget(
      `${name}-disruption-budget`,
      {
        metadata: this.metadata("PodDisruptionBudget", name, args),
        spec: {
          selector: { matchLabels: selectorLabels(name, args) },
          ...disruptionBudget(args.disruptionBudget ?? {}),
        },
      },
      { parent: this },
    );
  }

  private createServiceMonitor(name: string, args: WorkloadArgs, metrics: MetricsArgs): void {
    if (metrics.discovery === MetricsDiscovery.Annotations) return;
    const metadata = this.metadata("ServiceMonitor", name, {
      ...args,
      labels: { ...args.labels, ...metrics.monitorLabels },
    });
    const spec = {
      selector: { matchLabels: objectLabels(name, args) },
      endpoints: [scrapeEndpoint(metrics, args.ports)],
    };
    new CustomResource(
      `${name}-service-monitor`,
      { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata, spec },
      { parent: this },
    );
  }

  private metadata(
    kind: string,
    name: string,
    args: WorkloadArgs,
    annotations?: Record<string, pulumi.Input<string>>,
  ): ReturnType<typeof objectMeta> {
    const { namespace } = args;
    return objectMeta(describe(name, this), { kind, name, namespace, labels: objectLabels(name, args), annotations });
  }
}

/** Everything about a workload that would fail, hang or lose requests only after it is deployed. */
function checkWorkload(subject: string, name: string, args: WorkloadArgs): Problem[] {
  const { replicas, scaling, disruptionBudget = {}, metrics, identity, sidecars, rollout, shutdown } = args;
  const { ports, zones = {}, connectsTo = [], admits = [] } = args;
  const fewest = scaling?.minReplicas ?? replicas ?? 1;
  return [
    // Of the objects that carry the name, the Service has the strictest limit.
    ...checkName("kubernetes:Service", name).map((problem) => ({ ...problem, subject })),
    ...checkPod(subject, { containers: [mainContainer(name, args)], sidecars, identity, serviceAccount: name }),
    ...checkServicePorts(`${subject}.ports`, ports),
    ...checkSelector(subject, args),
    ...checkCount(`${subject}.replicas`, "not a number of pods", replicas, { least: 0 }),
    ...(scaling ? checkScaling(subject, scaling) : []),
    ...(scaling && replicas !== undefined ? [replicasAndScaling(subject, replicas)] : []),
    ...checkDisruptionBudget(subject, disruptionBudget, fewest),
    ...checkRollout(subject, rollout),
    ...checkZones(subject, zones, scaling?.maxReplicas ?? replicas ?? 1, rollout),
    ...checkShutdown(subject, shutdown),
    ...(metrics ? checkMetrics(subject, metrics, ports) : []),
    ...(args.spiffe ? checkSpiffe(subject, args.spiffe) : []),
    ...checkNetworkAccess(subject, connectsTo, admits),
    ...checkAdmittedPorts(subject, args),
    ...checkLinkedVariables(subject, args),
  ];
}

function checkServicePorts(subject: string, ports: PortArgs[]): Problem[] {
  if (ports.length === 0)
    return [{ subject, message: "a workload without a port has no Service", expected: "one port or more" }];
  return repeated(ports.map(({ port, servicePort = port }) => servicePort)).map((servicePort) => ({
    subject,
    message: "the Service would offer two ports under one number",
    value: `${servicePort}, of ${ports
      .filter(({ port, servicePort: offered = port }) => offered === servicePort)
      .map(({ name }) => name)
      .join(" and ")}`,
    expected: "a servicePort for each",
  }));
}

function checkSelector(subject: string, { selectorLabels }: WorkloadArgs): Problem[] {
  if (selectorLabels === undefined || Object.keys(selectorLabels).length > 0) return [];
  return [
    {
      subject: `${subject}.selectorLabels`,
      message: "without a label every pod of the namespace would be selected",
      expected: "one label or more",
    },
  ];
}

/** Who is admitted to a port that nothing listens on is denied in fact. */
function checkAdmittedPorts(subject: string, { ports, sidecars = [], admits = [] }: WorkloadArgs): Problem[] {
  const declared = [...ports, ...sidecars.flatMap(({ ports = [] }) => ports)].map(({ port }) => port);
  return admits
    .filter(({ port }) => !declared.includes(port))
    .map(({ name, port }) => ({
      subject: `${subject}.admits.${name}.port`,
      message: "nothing listens on the port",
      value: String(port),
      expected: `one of ${declared.join(", ")}: the container's port, not the Service's`,
    }));
}

/** Two servers that tell the program their addresses by one variable: the program would know only one of them. */
function checkLinkedVariables(subject: string, { connectsTo = [], environment }: WorkloadArgs): Problem[] {
  const own = variableNames(environment);
  const linked = connectsTo.flatMap(({ name, environment }) =>
    variableNames(environment).map((variable) => ({ name, variable })),
  );
  return repeated(linked.map(({ variable }) => variable))
    .filter((variable) => !own.includes(variable))
    .map((variable) => ({
      subject: `${subject}.connectsTo`,
      message: "two links set the same variable",
      value: `${variable}, of ${linked
        .filter((one) => one.variable === variable)
        .map(({ name }) => name)
        .join(" and ")}`,
      expected: "a variable for each",
      fix: `set ${variable} in environment, or give one endpoint another: { ...endpoint, environment }`,
    }));
}

function replicasAndScaling(subject: string, replicas: number): Problem {
  return {
    subject: `${subject}.replicas`,
    message: "a fixed number would undo the autoscaler's at every update",
    value: String(replicas),
    expected: "replicas or scaling, not both",
    fix: "remove replicas; scaling.minReplicas is the number to begin with",
  };
}

/** Labels that select a workload's pods. */
export function selectorLabels(name: string, { selectorLabels }: WorkloadArgs): Record<string, string> {
  return selectorLabels ?? { "app.kubernetes.io/name": name };
}

function objectLabels(name: string, args: WorkloadArgs): Record<string, string> {
  return { ...recommendedLabels({ name }), ...selectorLabels(name, args), ...args.labels };
}

/** Where other programs reach the workload, by its Service's name and, in policies, its pods. */
/** The Service of the first port, and what an edge must know of its pods. */
function workloadTarget(name: string, args: WorkloadArgs, serviceName: pulumi.Output<string>): ServiceTargetArgs {
  const [first] = args.ports;
  const port = first?.port ?? 0;
  return {
    serviceName,
    servicePort: first?.servicePort ?? port,
    pods: { namespace: args.namespace, labels: selectorLabels(name, args) },
    port,
    requestTimeoutSeconds: args.shutdown?.requestTimeoutSeconds,
    gracePeriodSeconds: gracePeriodSeconds(args.shutdown),
  };
}

function workloadEndpoint(name: string, args: WorkloadArgs): Endpoint {
  const [first] = args.ports;
  return {
    name,
    port: first?.port ?? 0,
    pods: { namespace: args.namespace, labels: selectorLabels(name, args) },
  };
}

function mainContainer(name: string, args: WorkloadArgs): ContainerArgs {
  const { connectsTo = [], temporaryDirectories = ["/tmp"], volumes = [], spiffe } = args;
  return {
    name,
    image: args.image,
    command: args.command,
    arguments: args.arguments,
    environment: mergeEnvironments(
      ...connectsTo.map((server) => server.environment),
      spiffe && spiffeEnvironment(spiffe),
      args.environment,
    ),
    ports: args.ports,
    resources: args.resources,
    readiness: args.readiness,
    liveness: args.liveness ?? {},
    startup: args.startup,
    volumes: [...temporaryDirectories.map(temporaryDirectory), ...(spiffe ? [spiffeVolume(spiffe)] : []), ...volumes],
    preStopSleepSeconds: drainSeconds(args.shutdown),
  };
}
