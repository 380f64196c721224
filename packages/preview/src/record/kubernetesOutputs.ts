import { isWireObject, textOf, unknownSentinel } from "./wire.ts";
import type { WireObject, WireValue } from "./wire.ts";

/** Kinds of Kubernetes and its Gateway API that live outside namespaces. Of other kinds only an API server knows. */
const clusterKinds = new Set([
  "APIService",
  "CSIDriver",
  "CSINode",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ComponentStatus",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "GatewayClass",
  "IPAddress",
  "IngressClass",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "ServiceCIDR",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

export function isClusterKind(kind: string): boolean {
  return clusterKinds.has(kind);
}

/** True for the inputs of one Kubernetes object, as against a Helm release or a list of files. */
export function isKubernetesObject(type: string, inputs: WireObject): boolean {
  return type.startsWith("kubernetes:") && typeof inputs.apiVersion === "string" && typeof inputs.kind === "string";
}

/** The object's id, or `undefined` while only the server knows its name or namespace. */
export function kubernetesId(inputs: WireObject): string | undefined {
  const metadata = isWireObject(inputs.metadata) ? inputs.metadata : {};
  const { name, namespace } = metadata;
  if (!isKnownText(name)) return undefined;
  if (isClusterKind(textOf(inputs.kind))) return name;
  return isKnownText(namespace) ? `${namespace}/${name}` : undefined;
}

/**
 * An unknown in an object makes the whole object unknown to `apply`, its known name included. A text that holds the
 * sentinel without being it is recorded as unknown all the same, and leaves the rest of the metadata readable.
 */
const deferredUid = `uid:${unknownSentinel}`;

/** Outputs before there is a server: the inputs, and unknown for the fields that the server fills in. */
export function kubernetesOutputs(inputs: WireObject): WireObject {
  const outputs = { ...inputs };
  const metadata = inputs.metadata ?? {};
  if (isWireObject(metadata)) {
    const { name = unknownSentinel, uid = deferredUid } = metadata;
    outputs.metadata = { ...metadata, name, uid };
  }
  if (inputs.kind === "Service" && inputs.apiVersion === "v1") {
    const spec = inputs.spec ?? {};
    if (isWireObject(spec) && spec.clusterIP === undefined && spec.type !== "ExternalName") {
      outputs.spec = { ...spec, clusterIP: unknownSentinel };
    }
  }
  return outputs;
}

/** True for the values of a Secret, which are secret whether or not the program says so. */
export function isSecretData(inputs: WireObject, key: string): boolean {
  return inputs.kind === "Secret" && inputs.apiVersion === "v1" && (key === "data" || key === "stringData");
}

function isKnownText(value: WireValue): value is string {
  return typeof value === "string" && value !== "" && !value.includes(unknownSentinel);
}
