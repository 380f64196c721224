import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import { labels } from "./server.ts";

/** The broker's certificate by cert-manager, which is there before the broker; none if it is made elsewhere. */
export function createCertificate(
  { certificate, hosts }: AtbConfig,
  namespace: pulumi.Input<string>,
): pulumi.Resource[] {
  const { secret, clusterIssuer } = certificate;
  if (clusterIssuer === undefined) return [];
  return [
    new CustomResource("atb-certificate", {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: {
        name: secret,
        namespace,
        labels: labels("atb-broker"),
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: {
        secretName: secret,
        dnsNames: hosts,
        issuerRef: { kind: "ClusterIssuer", name: clusterIssuer },
        privateKey: { rotationPolicy: "Always" },
      },
    }),
  ];
}
