import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { goModule } from "../tools/goModule.ts";
import type { KubernetesObject } from "./kubernetesApi.ts";

/** Go modules that carry the definitions of custom kinds, and the files of those that stacks use. */
const sources = [
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    files: ["podmonitors", "prometheusrules", "servicemonitors"].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
  {
    module: "github.com/external-secrets/external-secrets",
    version: "v1.3.2",
    files: ["externalsecrets", "clustersecretstores", "secretstores"].map(
      (name) => `config/crds/bases/external-secrets.io_${name}.yaml`,
    ),
  },
  {
    module: "sigs.k8s.io/gateway-api",
    version: "v1.5.1",
    files: ["backendtlspolicies", "gatewayclasses", "gateways", "httproutes", "referencegrants", "tlsroutes"].map(
      (name) => `config/crd/standard/gateway.networking.k8s.io_${name}.yaml`,
    ),
  },
  {
    module: "github.com/envoyproxy/gateway",
    version: "v1.9.1",
    files: ["backendtrafficpolicies", "clienttrafficpolicies", "securitypolicies"].map(
      (name) => `charts/gateway-crds-helm/templates/generated/gateway.envoyproxy.io_${name}.yaml`,
    ),
  },
  {
    module: "github.com/spiffe/spire-controller-manager",
    version: "v0.6.2",
    files: ["config/crd/bases/spire.spiffe.io_clusterspiffeids.yaml"],
  },
];

/** The definitions of custom kinds, from the projects that own them. */
export async function customResourceDefinitions(): Promise<KubernetesObject[]> {
  const lists = sources.map(async ({ module, version, files }) => {
    const folder = await goModule(module, version);
    return files.flatMap((file) => readDefinitions(join(folder, file)));
  });
  return (await Promise.all(lists)).flat();
}

function readDefinitions(file: string): KubernetesObject[] {
  // Helm's own lines, which make a chart's definition optional, are no YAML.
  const text = readFileSync(file, "utf8").replace(/^\{\{.*\}\}$/gm, "");
  return parseAllDocuments(text)
    .map((document) => document.toJSON() as KubernetesObject | null)
    .filter((object) => object?.kind === "CustomResourceDefinition") as KubernetesObject[];
}
