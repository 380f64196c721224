import { describe, expect, it } from "vitest";
import { testCluster } from "./cluster/testCluster.ts";
import { failing } from "./cluster/stages.ts";
import { applyObjects, removeObjects } from "./proofs/admission.ts";
import { type Defect, defectiveObjects } from "./proofs/defects.ts";
import { stackObjects, type StackObjects } from "./proofs/objects.ts";
import { provePodSecurity } from "./proofs/podSecurity.ts";
import { proveDrains, proveMaximum, proveRunning } from "./proofs/running.ts";
import { proveSelectors } from "./proofs/selectors.ts";

const stack = "shield-prod";
const types = {
  deployment: "kubernetes:apps/v1:Deployment",
  service: "kubernetes:core/v1:Service",
  job: "kubernetes:batch/v1:Job",
  cronJob: "kubernetes:batch/v1:CronJob",
  policy: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  budget: "kubernetes:policy/v1:PodDisruptionBudget",
  autoscaler: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  namespace: "kubernetes:core/v1:Namespace",
  ingress: "kubernetes:networking.k8s.io/v1:Ingress",
  rule: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  externalSecret: "kubernetes:external-secrets.io/v1:ExternalSecret",
};
const container = "spec.template.spec.containers[0]";

type Proof = (stack: StackObjects) => string[] | Promise<string[]>;

const cluster = testCluster();

/** The first problems that the proofs find, in their order; what is wrong at one stage shows at the next ones too. */
async function firstProblems(objects: StackObjects, proofs: Proof[]): Promise<string[]> {
  for (const proof of proofs) {
    const problems = await proof(objects);
    if (problems.length > 0) return problems;
  }
  return [];
}

interface Case extends Defect {
  name: string;
  /** The one message that is expected. */
  message: RegExp;
}

const selectors = proveSelectors;
const admission: Proof = (objects) => applyObjects(cluster().api, objects);
const podSecurity: Proof = (objects) => provePodSecurity(cluster().api, objects);
const running: Proof = (objects) => proveRunning(cluster().api, objects, 20_000);
const maximum: Proof = (objects) => proveMaximum(cluster().api, objects, 30_000);
const drains: Proof = (objects) => proveDrains(cluster().api, objects, 15_000);

describe(`defects of ${stack}`, () => {
  const selection: Case[] = [
    {
      name: "a Service with a wrong selector",
      type: types.service,
      change: '(props) => { props.spec.selector = { app: "shild" }; }',
      message: /^shield-prod: Service shield\/shield: its selector selects no pods$/,
    },
    {
      name: "a Service with a wrong port",
      type: types.service,
      change: "(props) => { props.spec.ports[0].targetPort = 8001; }",
      message: /^shield-prod: Service shield\/shield: Deployment shield\/shield has no port 8001$/,
    },
    {
      name: "a budget for nobody's pods",
      type: types.budget,
      change: '(props) => { props.spec.selector.matchLabels = { app: "shild" }; }',
      message: /^shield-prod: PodDisruptionBudget shield\/shield: its selector selects no pods$/,
    },
    {
      name: "an autoscaler of nothing",
      type: types.autoscaler,
      change: '(props) => { props.spec.scaleTargetRef.name = "shild"; }',
      message: /^shield-prod: HorizontalPodAutoscaler shield\/shield: its target Deployment shild is not in the stack$/,
    },
    {
      name: "a network policy for nobody's pods",
      type: types.policy,
      change:
        '(props) => { if (props.metadata.name === "shield") props.spec.podSelector = { matchLabels: { app: "shild" } }; }',
      message: /^shield-prod: NetworkPolicy shield\/shield: its selector selects no pods$/,
    },
  ];
  it("a certificate by an issuer, and solver pods that no policy admits the edge to", async () => {
    const [{ objects, ...rest } = { stack, objects: [] }] = await stackObjects(undefined, [stack]);
    const without = objects.filter(({ metadata: { name } }) => name !== "shield-acme-solver");
    expect(proveSelectors({ ...rest, objects })).toEqual([]);
    expect(proveSelectors({ ...rest, objects: without })).toEqual([
      "shield-prod: Pod shield/cm-acme-http-solver: no network policy speaks of its pods",
    ]);
  });
  it.each(selection)("$name", async ({ message, ...defect }) => {
    expect(await firstProblems(await defectiveObjects(stack, defect), [selectors])).toContainEqual(
      expect.stringMatching(message),
    );
  });

  const refusals: Case[] = [
    {
      name: "a misspelt field",
      type: types.deployment,
      change: "(props) => { props.spec.minReadySecond = 5; }",
      message: /^shield-prod: Deployment shield\/shield: .*minReadySecond/,
    },
    {
      name: "an impossible quantity",
      type: types.deployment,
      change: `(props) => { props.${container}.resources.requests.memory = "512 MiB"; }`,
      message: /^shield-prod: Deployment shield\/shield: .*quantities must match/,
    },
    {
      name: "requests above limits",
      type: types.cronJob,
      change:
        '(props) => { props.spec.jobTemplate.spec.template.spec.containers[0].resources.requests.memory = "64Gi"; }',
      message: /^shield-prod: CronJob shield\/shield-backup: .*must be less than or equal to memory limit/,
    },
    {
      name: "an alert rule with an unknown field",
      type: types.rule,
      change: "(props) => { props.spec.groups[0].rules[0].after = '5m'; }",
      message: /^shield-prod: PrometheusRule shield\/shield: .*after/,
    },
    {
      name: "a custom resource of a version that is not served",
      type: types.externalSecret,
      change: '(props) => { props.apiVersion = "external-secrets.io/v1alpha1"; }',
      message: /^shield-prod: ExternalSecret shield\/shield-secrets: /,
    },
    {
      name: "pods without a seccomp profile",
      type: types.deployment,
      change: "(props) => { delete props.spec.template.spec.securityContext.seccompProfile; }",
      message: /^shield-prod: Deployment shield\/shield: its pods are refused: .*seccompProfile/,
    },
    {
      name: "a container that may become root",
      type: types.job,
      change: `(props) => { delete props.${container}.securityContext.allowPrivilegeEscalation; }`,
      message: /^shield-prod: Job shield\/shield-migrate-\w+: its pods are refused: .*allowPrivilegeEscalation/,
    },
    {
      name: "a namespace that takes any pod",
      type: types.namespace,
      change: '(props) => { props.metadata.labels["pod-security.kubernetes.io/enforce"] = "privileged"; }',
      message: /^shield-prod: Deployment shield\/shield: a pod with broken seccompProfile is not refused: taken$/,
    },
  ];
  it.each(refusals)("$name", async ({ message, ...defect }) => {
    const objects = await defectiveObjects(stack, defect);
    expect(await firstProblems(objects, [admission, podSecurity])).toContainEqual(expect.stringMatching(message));
    await removeObjects(cluster().api, objects);
  });

  it("a changed immutable field", async () => {
    const [before] = await stackObjects(undefined, [stack]);
    if (before === undefined) throw new Error(`${stack} has no objects`);
    expect(await admission(before)).toEqual([]);
    const after = await defectiveObjects(stack, {
      type: types.deployment,
      change:
        '(props) => { props.spec.selector.matchLabels.tier = props.spec.template.metadata.labels.tier = "gate"; }',
    });
    expect(await admission(after)).toContainEqual(
      expect.stringMatching(/^shield-prod: Deployment shield\/shield: .*field is immutable/),
    );
    await removeObjects(cluster().api, before);
  });

  const troubles: Case[] = [
    {
      name: "a Job that fails",
      type: types.job,
      change: `(props) => { props.spec.backoffLimit = 0; props.${container}.image += "${failing}"; }`,
      message: /^shield-prod: Job shield\/shield-migrate-\w+: Job .* failed/,
    },
    {
      name: "pods that no node can take",
      type: types.deployment,
      change: `(props) => { props.${container}.resources = { requests: { cpu: "5" }, limits: { cpu: "5" } }; }`,
      message: /^shield-prod: Deployment shield\/shield: .*0\/6 nodes are available.*Insufficient cpu/,
    },
    {
      name: "pods of which six nodes cannot take the maximum",
      type: types.deployment,
      change: `(props) => { props.${container}.resources = { requests: { cpu: "2500m" }, limits: { cpu: "2500m" } }; }`,
      message:
        /^shield-prod: HorizontalPodAutoscaler shield\/shield: at its maximum of 10 only 6 pods run.*Insufficient cpu/,
    },
    {
      name: "a budget that allows no disruption",
      type: types.budget,
      change: "(props) => { delete props.spec.maxUnavailable; props.spec.minAvailable = '100%'; }",
      message: /^shield-prod: PodDisruptionBudget shield\/shield: a drain of node-\w+ does not end/,
    },
  ];
  it.each(troubles)("$name", async ({ message, ...defect }) => {
    const objects = await defectiveObjects(stack, defect);
    const problems = await firstProblems(objects, [admission, podSecurity, running, maximum, drains]);
    expect(problems).toContainEqual(expect.stringMatching(message));
    await removeObjects(cluster().api, objects);
  });
});
