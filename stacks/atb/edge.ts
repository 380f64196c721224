import {
  AcmeSolverAccess,
  type EdgeArgs,
  EdgeKind,
  type EdgeSourceArgs,
  type ServiceTargetArgs,
} from "@gatehouse/kubernetes";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import { labels } from "./shared.ts";

/** TLS is passed through, because the broker itself asks agents for their certificates. */
export function edgeArgs(config: AtbConfig, namespace: Input<string>, target: ServiceTargetArgs): EdgeArgs {
  return {
    ...edgeSource(config),
    namespace,
    hosts: config.hosts,
    annotations: config.edge.annotations,
    routes: [{ path: "/" }],
    target,
    tlsPassthrough: true,
  };
}

/** The options of the one kind that is chosen. */
export function edgeSource({ edge }: AtbConfig): EdgeSourceArgs {
  const { kind, className, namespace, tlsRouteVersion } = edge;
  return kind === EdgeKind.Gateway
    ? { kind, gateway: { className: className ?? "envoy", dataPlaneNamespace: namespace, tlsRouteVersion } }
    : { kind, nginx: { className, controllerNamespace: namespace } };
}

/** The broker's certificate, which cert-manager issues before the broker starts; none if you make the Secret yourself. */
export function createCertificate(config: AtbConfig, namespace: Input<string>): Resource[] {
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
