import { checkedArgs, childOptions, describe, recommendedLabels } from "@gatehouse/core";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { dnsEgress } from "../network/dns.ts";
import { ingressRule } from "../network/networkPolicyRules.ts";
import { edgeAdmission } from "./admission.ts";
import type { EdgeSourceArgs } from "./args/edgeArgs.ts";

export interface AcmeSolverAccessArgs {
  /** Namespace of the certificate, in which cert-manager runs its solver pods. */
  namespace: pulumi.Input<string>;
  /** Edge that carries the challenges' requests. */
  edge: EdgeSourceArgs;
  /**
   * Labels of the policy.
   * @default none
   */
  labels?: Record<string, string>;
}

/** Label and port of cert-manager's solver pods: https://cert-manager.io/docs/installation/best-practice/ */
const solver = { labels: { "acme.cert-manager.io/http01-solver": "true" }, port: 8089 };

/**
 * A NetworkPolicy that admits the edge to cert-manager's solver pods, which answer HTTP-01 challenges in the
 * certificate's namespace. Where everything else is denied, no certificate is issued without it. An Edge with
 * `tls.clusterIssuer` makes it; make it yourself for a Certificate that you declare in another way. With DNS-01 there
 * are no solver pods, and the policy selects nothing.
 */
export class AcmeSolverAccess extends pulumi.ComponentResource {
  constructor(name: string, args: AcmeSolverAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AcmeSolverAccessArgs", `${name} (AcmeSolverAccess)`, args);
    super("gatehouse:kubernetes:AcmeSolverAccess", name, {}, opts);
    this.createPolicy(name, args, opts);
    this.registerOutputs();
  }

  private createPolicy(
    name: string,
    { namespace, edge, labels }: AcmeSolverAccessArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const subject = describe(name, this);
    const metadata = objectMeta(name, this, {
      kind: "NetworkPolicy",
      name,
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
    });
    const spec = {
      podSelector: { matchLabels: solver.labels },
      policyTypes: ["Ingress", "Egress"],
      ingress: [ingressRule(subject, edgeAdmission(edge, solver.port))],
      egress: dnsEgress(subject),
    };
    new networking.NetworkPolicy(`${name}-policy`, { metadata, spec }, childOptions(this, opts));
  }
}
