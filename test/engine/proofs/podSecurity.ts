import { type KubernetesApi, KubernetesError } from "../cluster/kubernetesApi.ts";
import { type PodSpec, type PodTemplate, podTemplates, type StackObjects, title } from "./objects.ts";

/** Ways to break Pod Security "restricted", one field at a time. */
const breaches: Record<string, (spec: PodSpec) => void> = {
  seccompProfile: (spec) => {
    for (const context of contexts(spec)) delete context.seccompProfile;
  },
  runAsNonRoot: (spec) => {
    for (const context of contexts(spec)) delete context.runAsNonRoot;
  },
  runAsUser: (spec) => {
    for (const context of contexts(spec)) context.runAsUser = 0;
  },
  "capabilities.drop": (spec) => {
    for (const container of containers(spec)) delete securityContext(container).capabilities;
  },
  "capabilities.add": (spec) => {
    for (const container of containers(spec))
      securityContext(container).capabilities = { drop: ["ALL"], add: ["NET_ADMIN"] };
  },
  allowPrivilegeEscalation: (spec) => {
    for (const container of containers(spec)) delete securityContext(container).allowPrivilegeEscalation;
  },
  privileged: (spec) => {
    for (const container of containers(spec)) {
      securityContext(container).privileged = true;
      delete securityContext(container).allowPrivilegeEscalation;
    }
  },
  hostPath: (spec) => {
    spec.volumes = [...(spec.volumes ?? []), { name: "host", hostPath: { path: "/" } }];
  },
  hostNetwork: (spec) => {
    spec.hostNetwork = true;
    for (const container of containers(spec)) delete container.ports;
  },
  hostPID: (spec) => {
    spec.hostPID = true;
  },
  hostIPC: (spec) => {
    spec.hostIPC = true;
  },
  hostPort: (spec) => {
    const [container] = containers(spec);
    if (container !== undefined) container.ports = [{ containerPort: 8080, hostPort: 8080 }];
  },
  sysctls: (spec) => {
    spec.securityContext = { ...spec.securityContext, sysctls: [{ name: "kernel.msgmax", value: "65536" }] };
  },
};

/**
 * Makes a pod of each template, by dry run, in the namespace as it is; then one for each breach, which must be refused
 * for that very field.
 */
export async function provePodSecurity(api: KubernetesApi, { stack, objects }: StackObjects): Promise<string[]> {
  const problems: string[] = [];
  for (const template of podTemplates(objects)) {
    const refusal = await refusalOf(api, template, template.spec);
    if (refusal !== undefined) {
      problems.push(`${stack}: ${title(template.owner)}: its pods are refused: ${refusal}`);
      continue;
    }
    for (const [field, breach] of Object.entries(breaches)) {
      const broken = structuredClone(template.spec);
      breach(broken);
      const answer = await refusalOf(api, template, broken);
      const [property = field] = field.split(".");
      if (!answer?.includes("violates PodSecurity") || !new RegExp(property, "i").test(answer))
        problems.push(
          `${stack}: ${title(template.owner)}: a pod with broken ${field} is not refused: ${answer ?? "taken"}`,
        );
    }
  }
  return problems;
}

async function refusalOf(
  api: KubernetesApi,
  { owner, metadata }: PodTemplate,
  spec: PodSpec,
): Promise<string | undefined> {
  const { namespace = "default", name } = owner.metadata;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name: `${name.slice(0, 50)}-proof`, namespace },
    // A Job's pods are never started again; a bare pod without a policy would be.
    spec,
  };
  try {
    await api.call("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, pod);
    return undefined;
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    return error.message;
  }
}

function containers({ containers, initContainers = [] }: PodSpec): Record<string, unknown>[] {
  return [...containers, ...initContainers];
}

function securityContext(holder: Record<string, unknown>): Record<string, unknown> {
  holder.securityContext ??= {};
  return holder.securityContext as Record<string, unknown>;
}

/** The security contexts of a pod and of its containers. */
function contexts(spec: PodSpec): Record<string, unknown>[] {
  return [securityContext(spec), ...containers(spec).map(securityContext)];
}
