import { AcmeSolverAccess } from "@gatehouse/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import { edgeSource } from "./edge.ts";
import { labels } from "./server.ts";

/** The broker's certificate by cert-manager, which is ready before the broker starts; none if you make it yourself. */
export function createCertificate(config: AtbConfig, namespace: pulumi.Input<string>): pulumi.Resource[] {
  const { secret, clusterIssuer } = config.certificate;
  if (clusterIssuer === undefined) return [];
  const solver = new AcmeSolverAccess("atb-acme-solver", {
    namespace,
    edge: edgeSource(config),
    labels: labels("atb-acme-solver"),
  });
  return [
    new CustomResource(
      "atb-certificate",
      {
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
          dnsNames: config.hosts,
          issuerRef: { kind: "ClusterIssuer", name: clusterIssuer },
          privateKey: { rotationPolicy: "Always" },
        },
      },
      { dependsOn: solver },
    ),
  ];
}
