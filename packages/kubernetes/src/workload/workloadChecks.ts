import { checkCount, checkName, type Problem, repeated, variableNames } from "@gatehouse/core";
import { checkAddedLabels } from "../meta/labels.ts";
import { checkNetworkAccess } from "../network/networkAccess.ts";
import type { PortArgs } from "../pod/container/container.ts";
import { checkZones } from "../pod/placement.ts";
import { checkPod } from "../pod/pod.ts";
import { probeAllowanceSeconds } from "../pod/container/probe.ts";
import { checkShutdown } from "../pod/shutdown.ts";
import { ClaimAccess, isForOneNode } from "../pod/container/volume.ts";
import { checkScaling } from "./scaling/autoscaler.ts";
import { checkClaimTemplates } from "./claims.ts";
import { checkDisruptionBudget } from "./disruptionBudget.ts";
import { checkMetrics } from "./metrics.ts";
import { checkRollout, RolloutStrategy, surgeOf } from "./rollout.ts";
import { checkService } from "./service.ts";
import { checkSpiffe } from "./spiffe.ts";
import type { WorkloadArgs } from "./workloadArgs.ts";
import { fewestPods, mostPods, rolloutOf, selectorLabels, workloadPod } from "./workloadPod.ts";

/** Everything about a workload that would fail, hang or lose requests only after it is deployed. */
export function checkWorkload(subject: string, name: string, args: WorkloadArgs): Problem[] {
  const { replicas, scaling, disruptionBudget = {}, metrics, shutdown } = args;
  const { ports, zones = {}, connectsTo = [], admits = [] } = args;
  const rollout = rolloutOf(args);
  const fewest = fewestPods(args);
  return [
    // Of the objects that carry the name, the Service has the strictest limit.
    ...checkName("kubernetes:Service", name, subject),
    ...checkPod(subject, workloadPod(name, args, name)),
    ...checkServicePorts(`${subject}.ports`, ports),
    ...checkSelector(subject, args),
    ...checkCount(`${subject}.replicas`, "not a number of pods", replicas, { least: 1 }),
    ...(scaling ? checkScaling(subject, scaling, args.resources) : []),
    ...(scaling && replicas !== undefined ? [replicasAndScaling(subject, replicas)] : []),
    ...checkDisruptionBudget(subject, disruptionBudget, fewest),
    ...checkRollout(subject, rollout, fewest),
    ...checkClaims(subject, args),
    ...(args.claims ? checkClaimTemplates(`${subject}.claims`, args.claims) : []),
    ...checkSetRollout(subject, args),
    ...checkZones(subject, zones, mostPods(args), surgeOf(rollout)),
    ...checkService(subject, args.service),
    ...checkAddedLabels(`${subject}.labels`, args.labels ?? {}, ownLabels(name, args)),
    ...checkDrain(subject, args),
    ...checkServiceAccount(subject, args),
    ...checkFirstProbes(subject, args),
    ...checkShutdown(subject, shutdown),
    ...(metrics ? checkMetrics(subject, metrics, ports) : []),
    ...(args.spiffe ? checkSpiffe(subject, args.spiffe) : []),
    ...checkNetworkAccess(subject, connectsTo, admits),
    ...checkAdmittedPorts(subject, args),
    ...checkLinkedVariables(subject, args),
  ];
}

function ownLabels(name: string, args: WorkloadArgs): Record<string, string> {
  return { "app.kubernetes.io/name": name, ...selectorLabels(name, args) };
}

/** Claims that one node alone can mount, for pods that are on several. */
function checkClaims(subject: string, args: WorkloadArgs): Problem[] {
  const all = [...(args.volumes ?? []), ...(args.sidecars ?? []).flatMap(({ volumes = [] }) => volumes)];
  const single = all.find(isForOneNode);
  if (!single) return [];
  const path = `${subject}.volumes.${single.name}.claim`;
  const [pods, surge] = [mostPods(args), surgeOf(rolloutOf(args))];
  const message = "one node alone can mount the claim, so a second pod would wait for ever";
  const fix = `set claimAccess: "${ClaimAccess.ReadWriteMany}" if the volume allows it`;
  if (pods > 1)
    return [{ subject: path, message, value: `${pods} pods`, expected: "replicas: 1, and no scaling", fix }];
  if (surge > 0)
    return [
      {
        subject: path,
        message,
        value: `1 pod and ${surge} more during an update`,
        expected: `rollout: { strategy: "${RolloutStrategy.Recreate}" }`,
        fix: "remove rollout; Recreate is then the default",
      },
    ];
  return [];
}

/** A StatefulSet replaces one pod after another and knows no other way. */
function checkSetRollout(subject: string, { claims, rollout }: WorkloadArgs): Problem[] {
  if (!claims || !rollout) return [];
  const given = Object.entries(rollout);
  return [
    {
      subject: `${subject}.rollout`,
      message: "with claims the pods are a StatefulSet, which replaces one pod after another",
      value: given.map(([option, value]) => `${option} ${String(value)}`).join(", ") || "an empty rollout",
      expected: "no rollout",
      fix: "remove rollout, or the claims",
    },
  ];
}

function checkDrain(subject: string, { preStop, shutdown }: WorkloadArgs): Problem[] {
  if (!preStop || shutdown?.drainSeconds === undefined) return [];
  return [
    {
      subject: `${subject}.preStop`,
      message: "the command runs in place of the drain, so drainSeconds would be ignored",
      value: `preStop, and shutdown.drainSeconds ${shutdown.drainSeconds}`,
      expected: "one of the two",
      fix: "let the command wait, and give its seconds",
    },
  ];
}

function checkServiceAccount(subject: string, { pods, serviceAccountAnnotations }: WorkloadArgs): Problem[] {
  if (pods?.serviceAccount === undefined || serviceAccountAnnotations === undefined) return [];
  return [
    {
      subject: `${subject}.serviceAccountAnnotations`,
      message: "the ServiceAccount exists already, so its annotations would be ignored",
      value: Object.keys(serviceAccountAnnotations).join(", "),
      expected: "pods.serviceAccount or serviceAccountAnnotations, not both",
      fix: "annotate the existing ServiceAccount",
    },
  ];
}

/** A program that is restarted before it can have become ready, at every start. */
function checkFirstProbes(subject: string, { readiness, liveness = {}, startup }: WorkloadArgs): Problem[] {
  if (startup) return [];
  const patience = probeAllowanceSeconds(liveness);
  const { initialDelaySeconds = 0 } = readiness;
  if (patience > initialDelaySeconds) return [];
  return [
    {
      subject: `${subject}.liveness`,
      message: "the program is restarted before the first readiness probe, if it is not listening by then",
      value: `restarted after ${patience} s, first readiness probe after ${initialDelaySeconds} s`,
      expected: `more than ${initialDelaySeconds} s`,
      fix: "use startup for a program that starts slowly",
    },
  ];
}

function checkServicePorts(subject: string, ports: PortArgs[]): Problem[] {
  if (ports.length === 0)
    return [
      { subject, message: "the workload declares no ports, so it cannot have a Service", expected: "one port or more" },
    ];
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

/** A client that is admitted to a port that nothing listens on cannot connect. */
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

/** Two links that set one variable: the program would know only one of the servers. */
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
