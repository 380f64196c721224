import { checkedArgs, childOptions, describe, type Endpoint, operatorLabels, throwIfAny } from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as apps from "@pulumi/kubernetes/apps/v1/index.js";
import * as autoscaling from "@pulumi/kubernetes/autoscaling/v2/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as policy from "@pulumi/kubernetes/policy/v1/index.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { NetworkAccess } from "../network/networkAccess.ts";
import type { ServiceTargetArgs } from "../network/target.ts";
import type { PortArgs } from "../pod/container/container.ts";
import { placement } from "../pod/placement.ts";
import { podTemplate } from "../pod/pod.ts";
import { autoscalerSpec, type ScalingArgs } from "./scaling/autoscaler.ts";
import { type ClaimTemplateArgs, claimTemplates } from "./claims.ts";
import { disruptionBudget } from "./disruptionBudget.ts";
import {
  type MetricsArgs,
  MetricsDiscovery,
  metricsPort,
  scrapeAdmission,
  scrapeAnnotations,
  scrapeEndpoint,
} from "./metrics.ts";
import { deploymentStrategy } from "./rollout.ts";
import { rolloutDeadlines } from "./rolloutDeadlines.ts";
import { serviceSpec } from "./service.ts";
import { type SpiffeArgs, spiffeRegistration } from "./spiffe.ts";
import type { WorkloadArgs } from "./workloadArgs.ts";
import { checkWorkload } from "./workloadChecks.ts";
import { graceOf, mostPods, objectLabels, replicasOf, rolloutOf, selectorLabels, workloadPod } from "./workloadPod.ts";

/**
 * A Deployment with its ServiceAccount, Service, autoscaler, disruption budget, network policies and scraping. With
 * `claims` it is a StatefulSet. The first pod starts after everything in `opts.dependsOn`, and so do the objects of
 * operators: ServiceMonitor and SPIFFE registration.
 */
export class Workload extends pulumi.ComponentResource {
  /** Name of the Service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Name of the Deployment or StatefulSet, known once its pods are ready. */
  public readonly deploymentName: pulumi.Output<string>;
  /** Endpoint of the program, for other programs' `connectsTo`. They get its address as `<NAME>_ADDRESS`. */
  public readonly endpoint: Endpoint;
  /** The Service and its pods, for the `target` of an Edge. */
  public readonly target: ServiceTargetArgs;

  constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "WorkloadArgs", `${name} (Workload)`, args);
    super("gatehouse:kubernetes:Workload", name, {}, opts);
    throwIfAny(checkWorkload(describe(name, this), name, args));

    const serviceAccount = args.pods?.serviceAccount === undefined ? [this.createServiceAccount(name, args)] : [];
    const network = this.createNetworkAccess(name, args);
    const registration = args.spiffe && this.createSpiffeRegistration(name, args, args.spiffe, opts);
    const before = [...serviceAccount, network, ...(registration ? [registration] : [])];
    const controller = args.claims
      ? this.createStatefulSet(name, args, args.claims, before, opts)
      : this.createDeployment(name, args, before, opts);
    const service = this.createService(name, args, controller);
    if (args.scaling) this.createAutoscaler(name, args, args.scaling, controller);
    this.createDisruptionBudget(name, args);
    if (args.metrics) this.createServiceMonitor(name, args, args.metrics, opts);

    this.serviceName = service.metadata.name;
    this.deploymentName = controller.metadata.name;
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
        policyName: args.networkPolicyName ?? name,
        labels: objectLabels(name, args),
        connectsTo,
        admits: metrics ? [...admits, scrapeAdmission(metrics, metricsPort(metrics, args.ports))] : admits,
      },
      { parent: this },
    );
  }

  private createSpiffeRegistration(
    name: string,
    args: WorkloadArgs,
    spiffe: SpiffeArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): CustomResource {
    const registered = {
      namespace: args.namespace,
      serviceAccount: args.pods?.serviceAccount ?? name,
      podLabels: selectorLabels(name, args),
    };
    const metadata = objectMeta(name, this, {
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
      childOptions(this, opts),
    );
  }

  private createDeployment(
    name: string,
    args: WorkloadArgs,
    before: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): apps.Deployment {
    const rollout = rolloutOf(args);
    const deadlines = rolloutDeadlines(mostPods(args), rollout, workloadPod(name, args, name));
    const spec = {
      ...this.pods(name, args),
      strategy: deploymentStrategy(rollout),
      minReadySeconds: rollout.minReadySeconds,
      progressDeadlineSeconds: deadlines.progressDeadlineSeconds,
    };
    return new apps.Deployment(
      `${name}-deployment`,
      { metadata: this.metadata("Deployment", name, args), spec },
      childOptions(this, opts, {
        dependsOn: before,
        customTimeouts: opts?.customTimeouts ?? deadlines.customTimeouts,
      }),
    );
  }

  private createStatefulSet(
    name: string,
    args: WorkloadArgs,
    claims: ClaimTemplateArgs[],
    before: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): apps.StatefulSet {
    const { customTimeouts } = rolloutDeadlines(mostPods(args), rolloutOf(args), workloadPod(name, args, name));
    const spec = {
      ...this.pods(name, args),
      serviceName: name,
      // The pods do not know each other, so none waits for another.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      volumeClaimTemplates: claimTemplates(claims),
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    };
    return new apps.StatefulSet(
      `${name}-stateful-set`,
      { metadata: this.metadata("StatefulSet", name, args), spec },
      childOptions(this, opts, { dependsOn: before, customTimeouts: opts?.customTimeouts ?? customTimeouts }),
    );
  }

  /** Number, selector and template of the pods. */
  private pods(name: string, args: WorkloadArgs): PodsSpec {
    const { scaling, metrics, podAnnotations, ports, zones, hosts, claims = [] } = args;
    const podLabels = selectorLabels(name, args);
    return {
      // A literal number would undo the autoscaler's at every update.
      replicas: scaling ? undefined : replicasOf(args),
      selector: { matchLabels: podLabels },
      template: podTemplate(describe(name, this), {
        // Its own name, not its object's output: a transform then sees the spec as a plain value.
        ...workloadPod(name, args, args.pods?.serviceAccount ?? name),
        labels: objectLabels(name, args),
        annotations: { ...(metrics && scrapeAnnotations(metrics, ports)), ...podAnnotations },
        claimTemplates: claims.map(({ name }) => name),
        placement: placement(podLabels, zones, hosts),
      }),
    };
  }

  /** After its pods: the provider waits ten minutes for the first endpoint. */
  private createService(name: string, args: WorkloadArgs, controller: Controller): core.Service {
    return new core.Service(
      `${name}-service`,
      {
        metadata: this.metadata("Service", name, args, args.service?.annotations),
        spec: serviceSpec(selectorLabels(name, args), args.ports, args.service),
      },
      { parent: this, dependsOn: controller },
    );
  }

  private createAutoscaler(name: string, args: WorkloadArgs, scaling: ScalingArgs, controller: Controller): void {
    const kind = args.claims ? "StatefulSet" : "Deployment";
    const scaleTargetRef = { apiVersion: "apps/v1", kind, name: controller.metadata.name };
    new autoscaling.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      {
        metadata: this.metadata("HorizontalPodAutoscaler", name, args),
        spec: { scaleTargetRef, ...autoscalerSpec(scaling, name) },
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

  private createServiceMonitor(
    name: string,
    args: WorkloadArgs,
    metrics: MetricsArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    if (metrics.discovery === MetricsDiscovery.Annotations) return;
    const { monitorName = name, monitorNamespace } = metrics;
    const metadata = objectMeta(name, this, {
      kind: "ServiceMonitor",
      name: monitorName,
      namespace: monitorNamespace ?? args.namespace,
      labels: objectLabels(name, { ...args, labels: { ...args.labels, ...(metrics.monitorLabels ?? operatorLabels) } }),
    });
    const spec = {
      ...(monitorNamespace !== undefined && { namespaceSelector: { matchNames: [args.namespace] } }),
      selector: { matchLabels: objectLabels(name, args) },
      endpoints: [scrapeEndpoint(metrics, args.ports)],
    };
    new CustomResource(
      `${name}-service-monitor`,
      { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata, spec },
      childOptions(this, opts),
    );
  }

  private metadata(
    kind: string,
    name: string,
    args: WorkloadArgs,
    annotations?: Record<string, pulumi.Input<string>>,
  ): ReturnType<typeof objectMeta> {
    const { namespace } = args;
    return objectMeta(name, this, { kind, name, namespace, labels: objectLabels(name, args), annotations });
  }
}

/** What replaces pods. */
type Controller = apps.Deployment | apps.StatefulSet;

/** The part of a spec that Deployments and StatefulSets have in common. */
interface PodsSpec {
  replicas: number | undefined;
  selector: { matchLabels: Record<string, string> };
  template: k8s.core.v1.PodTemplateSpec;
}

/** The Service of the first port, and what an edge must know of its pods. */
function workloadTarget(name: string, args: WorkloadArgs, serviceName: pulumi.Output<string>): ServiceTargetArgs {
  const { port, servicePort = port } = firstPort(args);
  return {
    serviceName,
    servicePort,
    pods: { namespace: args.namespace, labels: selectorLabels(name, args) },
    port,
    requestTimeoutSeconds: args.shutdown?.requestTimeoutSeconds,
    gracePeriodSeconds: graceOf(args),
  };
}

function workloadEndpoint(name: string, args: WorkloadArgs): Endpoint {
  const { port, servicePort = port } = firstPort(args);
  const variable = `${name.toUpperCase().replaceAll("-", "_")}_ADDRESS`;
  return {
    name,
    port,
    pods: { namespace: args.namespace, labels: selectorLabels(name, args) },
    // With the namespace, so that clients of other namespaces find it too.
    environment: { values: { [variable]: pulumi.interpolate`${name}.${args.namespace}.svc:${servicePort}` } },
  };
}

function firstPort({ ports: [first] }: WorkloadArgs): PortArgs {
  if (!first) throw new Error("A workload without a port has passed its checks.");
  return first;
}
