import { checkedArgs, childOptions, describe, InputError, recommendedLabels, throwIfAny } from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { ingressRule } from "../network/networkPolicyRules.ts";
import type { ServiceTargetArgs } from "../network/target.ts";
import { AcmeSolverAccess } from "./acmeSolverAccess.ts";
import { edgeAdmission } from "./admission.ts";
import { albIngress } from "./alb/alb.ts";
import { checkEdge } from "./checks.ts";
import { type EdgeArgs, EdgeKind, type EdgeSourceArgs } from "./args/edgeArgs.ts";
import { gatewayObjects, type GatewayObject } from "./gateway/gateway.ts";
import type { RenderedIngress } from "./routes/ingress.ts";
import { nginxIngress } from "./nginx/nginx.ts";

/**
 * The way from outside the cluster to one Service: hosts and routes, TLS, a rate limit, timeouts. The same declaration
 * becomes an Ingress for ingress-nginx or an ALB, or the objects of Gateway API. The Ingress, or the route and its
 * Gateway, carry the component's name.
 *
 * @throws InputError if the declaration is wrong, or asks for something that this kind of edge cannot do. The message
 *   names the kinds that can.
 *
 * @example
 * const shop = new Workload("shop", workload);
 * new Edge("shop", {
 *   kind: EdgeKind.Nginx,
 *   namespace: "shop",
 *   hosts: ["api.example.com"],
 *   routes: [{ path: "/orders" }, { path: "/health", match: PathMatch.Exact }],
 *   tls: { secretName: "shop-tls", clusterIssuer: "letsencrypt" },
 *   target: shop.target,
 * });
 */
export class Edge extends pulumi.ComponentResource {
  /** Address of the first host, `https://...`, known once the edge's objects exist. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "EdgeArgs", `${name} (Edge)`, args);
    super("gatehouse:kubernetes:Edge", name, {}, opts);
    throwIfAny(checkEdge(describe(name, this), args));

    const objects = this.createObjects(name, args, opts);
    if (args.target) this.admitRequests(name, args, args.target, opts);
    if (args.tls?.clusterIssuer !== undefined) this.admitChallenges(name, args, opts);

    this.url = pulumi.all(objects.map(({ urn }) => urn)).apply(() => `https://${args.hosts[0] ?? ""}`);
    this.registerOutputs({ url: this.url });
  }

  /** Policies add up, so the workload behind the edge need not know it. */
  private admitRequests(
    name: string,
    args: EdgeArgs,
    { pods, port }: ServiceTargetArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const policy = `${name}-edge`;
    const metadata = this.metadata(
      name,
      { ...args, namespace: pods.namespace },
      { kind: "NetworkPolicy", name: policy },
    );
    const spec = {
      podSelector: { matchLabels: pods.labels },
      policyTypes: ["Ingress"],
      ingress: [ingressRule(describe(name, this), edgeAdmission(args, port))],
    };
    new networking.NetworkPolicy(`${name}-edge-policy`, { metadata, spec }, childOptions(this, opts));
  }

  private admitChallenges(name: string, args: EdgeArgs, opts: pulumi.ComponentResourceOptions | undefined): void {
    const { namespace, labels } = args;
    new AcmeSolverAccess(
      `${name}-acme-solver`,
      { namespace, labels, edge: edgeSource(args) },
      childOptions(this, opts),
    );
  }

  private createObjects(
    name: string,
    args: EdgeArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Resource[] {
    const { kind, gateway, alb } = args;
    switch (kind) {
      case EdgeKind.Nginx:
        return [this.createIngress(name, args, nginxIngress(args), opts)];
      // Without its options, either of these has been refused before.
      case EdgeKind.Alb:
        return alb ? [this.createIngress(name, args, albIngress(describe(name, this), args, alb), opts)] : [];
      case EdgeKind.Gateway:
        return gateway
          ? gatewayObjects(name, args, gateway).map((object) => this.createGatewayObject(name, args, object, opts))
          : [];
    }
  }

  private createIngress(
    name: string,
    args: EdgeArgs,
    { annotations, spec }: RenderedIngress,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): networking.Ingress {
    const metadata = this.metadata(name, args, {
      kind: "Ingress",
      name,
      annotations: this.withGiven(name, args, annotations),
    });
    return new networking.Ingress(`${name}-ingress`, { metadata, spec }, childOptions(this, opts));
  }

  private createGatewayObject(
    name: string,
    args: EdgeArgs,
    object: GatewayObject,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): CustomResource {
    const { part, formerPart, apiVersion, kind, spec, annotations = {} } = object;
    const metadata = this.metadata(name, args, {
      ...object,
      annotations: this.withGiven(name, args, annotations),
    });
    const aliases = formerPart === undefined ? [] : [{ name: `${name}-${formerPart}` }];
    return new CustomResource(
      `${name}-${part}`,
      { apiVersion, kind, metadata, spec },
      childOptions(this, opts, { aliases }),
    );
  }

  /** The edge's annotations with those of the declaration, which must be others. */
  private withGiven(
    name: string,
    { annotations = {} }: EdgeArgs,
    own: Record<string, pulumi.Input<string>>,
  ): Record<string, pulumi.Input<string>> {
    const both = Object.keys(annotations).filter((key) => key in own);
    if (both.length > 0)
      throw new InputError(
        both.map((key) => ({
          subject: `${describe(name, this)}.annotations`,
          message: "the edge sets this annotation itself",
          value: key,
          expected: "annotations that have no option",
          fix: "remove it, and use the edge's option",
        })),
      );
    return { ...annotations, ...own };
  }

  private metadata(
    name: string,
    { namespace, labels }: Pick<EdgeArgs, "namespace" | "labels">,
    object: { kind: string; name: string; annotations?: Record<string, pulumi.Input<string>> },
  ): ReturnType<typeof objectMeta> {
    return objectMeta(name, this, {
      kind: object.kind,
      name: object.name,
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
      annotations: object.annotations,
    });
  }
}

function edgeSource({ kind, nginx, gateway, alb }: EdgeArgs): EdgeSourceArgs {
  return { kind, nginx, gateway, alb };
}
