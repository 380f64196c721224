import {
  checkedArgs,
  checkName,
  childOptions,
  contentHash,
  describe,
  type Endpoint,
  type Monitored,
  operatorLabels,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as apps from "@pulumi/kubernetes/apps/v1/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as policy from "@pulumi/kubernetes/policy/v1/index.js";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import type { RedisBackupArgs } from "../backup/source/redis.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import type { AdmissionArgs } from "../network/admission.ts";
import { NetworkAccess } from "../network/networkAccess.ts";
import { checkPod, podTemplate } from "../pod/pod.ts";
import { disruptionBudget } from "../workload/disruptionBudget.ts";
import { checkMetrics, scrapeAdmission } from "../workload/metrics.ts";
import { Workload } from "../workload/workload.ts";
import { type RedisHAArgs, RedisPersistence } from "./set/args.ts";
import { checkRedisSet } from "./checks.ts";
import { dataVolume } from "./pods/containers.ts";
import { claim, dataPod, dataTimeouts, minReadySeconds } from "./pods/dataPod.ts";
import { backupSource, masterEndpoint, monitored, sentinelEndpoints, servers } from "./set/endpoints.ts";
import { redisFiles } from "./scripts/files.ts";
import { dataLabels, objectLabels } from "./set/labels.ts";
import { dataPlacement } from "./pods/placement.ts";
import { metricsPorts, servicePort, servicePorts } from "./pods/ports.ts";
import { proxyArgs } from "./pods/proxy.ts";
import { ordinals, type RedisSet, redisSet, sentinelPort } from "./set/set.ts";

/**
 * Redis that survives the loss of a pod, a node or a zone: a master and its replicas, one Sentinel beside each, and a
 * proxy that always leads to the master. The component's name is the set's: `atb-redis` is reached at
 * `redis://atb-redis:6379`.
 *
 * Which pod is the master is decided by the Sentinels, and at a start by their views of before; `docs/redis-ha.md` says
 * what is decided by what, and what an operator does where nothing can decide.
 */
export class RedisHA extends pulumi.ComponentResource {
  /** The address that always leads to the master; clients get `REDIS_URL`. */
  public readonly endpoint: Endpoint;
  /**
   * The Sentinels and the servers, for clients that ask the Sentinels by themselves: they get `REDIS_SENTINELS`,
   * `REDIS_MASTER_SET` and `REDIS_SENTINEL_PASSWORD`, which is the servers' too. Empty if there is a single pod.
   */
  public readonly sentinelEndpoints: Endpoint[];
  /** What a `BackupCronJob` copies: `source: { redis: redis.backupSource }`. */
  public readonly backupSource: RedisBackupArgs;
  /** The set as alerts need to know it: `alertsFor(redis.monitored, ...)` of `@gatehouse/monitoring`. */
  public readonly monitored: Monitored;
  /** Name of the StatefulSet, known once its pods are ready. */
  public readonly statefulSetName: pulumi.Output<string>;

  constructor(name: string, args: RedisHAArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "RedisHAArgs", `${name} (RedisHA)`, args);
    super("gatehouse:kubernetes:RedisHA", name, {}, opts);
    throwIfAny(checkRedis(describe(name, this), name, args));
    const set = redisSet(name, args);

    const files = this.createFiles(name, args, set);
    this.createPodServices(name, args, set, childOptions(this, opts));
    const existing = args.pods?.serviceAccount !== undefined;
    const serviceAccount = existing ? [] : [this.createServiceAccount(name, args, set)];
    const network = this.createNetworkAccess(name, args, set);
    const statefulSet = this.createStatefulSet(name, args, set, [files, ...serviceAccount, network], opts);
    this.createClientService(name, args, set, { parent: this, dependsOn: statefulSet });
    this.createDisruptionBudget(name, args, set);
    if (args.metrics) this.createServiceMonitor(name, args, set, opts);
    if (set.pods > 1) this.createProxy(name, args, set, files, opts);

    this.endpoint = masterEndpoint(name, args, set);
    this.sentinelEndpoints = set.pods > 1 ? sentinelEndpoints(name, args, set) : [];
    this.backupSource = backupSource(name, args, set);
    this.monitored = monitored(name, args, set);
    this.statefulSetName = statefulSet.metadata.name;
    const { endpoint, sentinelEndpoints: sentinels, backupSource: source, monitored: watched, statefulSetName } = this;
    this.registerOutputs({
      endpoint,
      sentinelEndpoints: sentinels,
      backupSource: source,
      monitored: watched,
      statefulSetName,
    });
  }

  private createFiles(name: string, args: RedisHAArgs, set: RedisSet): core.ConfigMap {
    const metadata = this.metadata("ConfigMap", filesName(name), args, set, "files");
    return new core.ConfigMap(`${name}-files`, { metadata, data: redisFiles(set) }, { parent: this });
  }

  /**
   * One Service for the pods' names, and with Sentinels one for each pod's lasting address. The pods need them to start,
   * so they cannot come after the StatefulSet; they wait for what it waits for, as the provider's clock then starts.
   */
  private createPodServices(
    name: string,
    args: RedisHAArgs,
    set: RedisSet,
    options: pulumi.CustomResourceOptions,
  ): void {
    const ports = [...servicePorts(set), ...metricsPorts(args, set)];
    const selector = dataLabels(set);
    // The pods find each other before they are ready, or they never would be.
    const early = { publishNotReadyAddresses: true };
    this.createService(name, args, set, "headless", { clusterIP: "None", ...early, selector, ports }, options);
    if (set.pods === 1) return;
    for (const ordinal of ordinals(set)) {
      const pod = { ...selector, "statefulset.kubernetes.io/pod-name": `${set.podName}-${ordinal}` };
      const spec = { ...early, selector: pod, ports: servicePorts(set) };
      this.createService(name, args, set, `announce-${ordinal}`, spec, options);
    }
  }

  /** Service of clients: the master's, or the Sentinels'. Its endpoints are ready pods, so it comes after them. */
  private createClientService(
    name: string,
    args: RedisHAArgs,
    set: RedisSet,
    options: pulumi.CustomResourceOptions,
  ): void {
    const [part, ports]: [string, k8s.core.v1.ServicePort[]] =
      set.pods === 1 ? ["master", servicePorts(set)] : ["sentinel", [servicePort("sentinel", sentinelPort)]];
    this.createService(name, args, set, part, { selector: dataLabels(set), ports }, options);
  }

  private createService(
    name: string,
    args: RedisHAArgs,
    set: RedisSet,
    part: string,
    spec: k8s.core.v1.ServiceSpec,
    options: pulumi.CustomResourceOptions,
  ): void {
    const serviceName = part === "master" ? name : `${name}-${part}`;
    new core.Service(
      `${name}-${part}`,
      { metadata: this.metadata("Service", serviceName, args, set, part), spec: { type: "ClusterIP", ...spec } },
      options,
    );
  }

  private createServiceAccount(name: string, args: RedisHAArgs, set: RedisSet): core.ServiceAccount {
    const metadata = this.metadata("ServiceAccount", set.podName, args, set, "server");
    return new core.ServiceAccount(
      `${name}-service-account`,
      { metadata, automountServiceAccountToken: false },
      { parent: this },
    );
  }

  private createNetworkAccess(name: string, args: RedisHAArgs, set: RedisSet): NetworkAccess {
    const { namespace, metrics } = args;
    const pods = { namespace, labels: dataLabels(set) };
    const admits: AdmissionArgs[] = metricsPorts(args, set).map(({ name, port }) => ({
      ...scrapeAdmission(metrics ?? {}, port),
      name: `monitoring-${name}`,
    }));
    return new NetworkAccess(
      `${name}-network`,
      {
        namespace,
        podLabels: dataLabels(set),
        policyName: set.podName,
        labels: objectLabels(args, set, "server"),
        connectsTo: set.pods > 1 ? servers(`${name}-peer`, pods) : [],
        admits,
      },
      { parent: this },
    );
  }

  private createStatefulSet(
    name: string,
    args: RedisHAArgs,
    set: RedisSet,
    before: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): apps.StatefulSet {
    const persistent = set.persistence !== RedisPersistence.Cache;
    const { deletionProtection = persistent } = args;
    const { "haproxy.cfg": _, ...ownFiles } = redisFiles(set);
    const pod = dataPod(args, set, filesName(name), args.pods?.serviceAccount ?? set.podName);
    const spec = {
      replicas: set.pods,
      serviceName: `${name}-headless`,
      // All pods start together: which is the master is decided only when they can ask each other.
      podManagementPolicy: "Parallel",
      // An update goes on when the Sentinels have seen that the pod can take over.
      minReadySeconds,
      selector: { matchLabels: dataLabels(set) },
      template: podTemplate(describe(name, this), {
        ...pod,
        labels: objectLabels(args, set, "server"),
        annotations: { "checksum/files": contentHash(ownFiles) },
        placement: dataPlacement(dataLabels(set)),
        claimTemplates: persistent ? [dataVolume.name] : [],
      }),
      ...(persistent && {
        volumeClaimTemplates: [claim(args)],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      }),
    };
    return new apps.StatefulSet(
      `${name}-stateful-set`,
      { metadata: this.metadata("StatefulSet", set.podName, args, set, "server"), spec },
      pulumi.mergeOptions(
        { dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts ?? dataTimeouts(set, pod) },
        { parent: this, dependsOn: before, protect: deletionProtection },
      ),
    );
  }

  private createDisruptionBudget(name: string, args: RedisHAArgs, set: RedisSet): void {
    new policy.PodDisruptionBudget(
      `${name}-disruption-budget`,
      {
        metadata: this.metadata("PodDisruptionBudget", set.podName, args, set, "server"),
        spec: { selector: { matchLabels: dataLabels(set) }, ...disruptionBudget({}) },
      },
      { parent: this },
    );
  }

  private createServiceMonitor(
    name: string,
    args: RedisHAArgs,
    set: RedisSet,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const { interval = "30s", monitorLabels = operatorLabels } = args.metrics ?? {};
    const metadata = this.metadata("ServiceMonitor", set.podName, args, set, "server");
    const spec = {
      jobLabel: "app.kubernetes.io/name",
      selector: { matchLabels: objectLabels(args, set, "headless") },
      endpoints: metricsPorts(args, set).map(({ name }) => ({ port: name, path: "/metrics", interval })),
    };
    new CustomResource(
      `${name}-service-monitor`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "ServiceMonitor",
        metadata: { ...metadata, labels: { ...objectLabels(args, set, "server"), ...monitorLabels } },
        spec,
      },
      childOptions(this, opts),
    );
  }

  private createProxy(
    name: string,
    args: RedisHAArgs,
    set: RedisSet,
    files: core.ConfigMap,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): Workload {
    return new Workload(name, proxyArgs(args, set, filesName(name)), childOptions(this, opts, { dependsOn: files }));
  }

  private metadata(
    kind: string,
    objectName: string,
    args: RedisHAArgs,
    set: RedisSet,
    component: string,
  ): k8s.meta.v1.ObjectMeta {
    const { namespace } = args;
    const labels = objectLabels(args, set, component);
    return objectMeta(set.name, this, { kind, name: objectName, namespace, labels });
  }
}

/** Its name rather than its output, so that a transform sees the pods as plain values; they depend on it. */
function filesName(name: string): string {
  return `${name}-files`;
}

/** Everything about the set and its objects that would be refused or fail later. */
function checkRedis(subject: string, name: string, args: RedisHAArgs): Problem[] {
  const problems = [
    ...checkName("kubernetes:Service", name, subject),
    ...checkRedisSet(subject, args),
    ...(args.metrics ? checkMetrics(subject, args.metrics, []) : []),
  ];
  // What follows can be said only of a set that can be.
  return problems.length > 0 ? problems : checkPod(subject, dataPod(args, redisSet(name, args), "files", "server"));
}
