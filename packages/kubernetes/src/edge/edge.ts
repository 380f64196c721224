import { checkedArgs, recommendedLabels, throwIfAny } from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { albIngress } from "./alb.ts";
import { checkEdge } from "./checks.ts";
import { type EdgeArgs, EdgeKind } from "./edgeArgs.ts";
import { gatewayObjects, type GatewayObject } from "./gateway.ts";
import type { RenderedIngress } from "./ingress.ts";
import { nginxIngress } from "./nginx.ts";
import { describe, objectMeta } from "../meta/objectMeta.ts";
import { argsSchema } from "../argsSchema.ts";

/**
 * The way from outside the cluster to one Service: hosts and routes, TLS, a rate limit. The same declaration becomes an
 * Ingress for ingress-nginx or an ALB, or the objects of Gateway API; the Ingress, or the route and its Gateway, carry
 * the component's name.
 *
 * @throws InputError when the declaration is wrong, or says what this kind of edge cannot do; the message says which
 *   kinds can.
 *
 * @example
 * const declared = {
 *   kind: EdgeKind.Nginx,
 *   namespace: "shop",
 *   hosts: ["api.example.com"],
 *   routes: [{ path: "/orders" }, { path: "/health", match: PathMatch.Exact }],
 *   tls: { secretName: "shop-tls", clusterIssuer: "letsencrypt" },
 * };
 * const shop = new Workload("shop", { ...workload, admits: [edgeAdmission(declared, 8000)] });
 * new Edge("shop", { ...declared, serviceName: shop.serviceName, servicePort: 80 });
 */
export class Edge extends pulumi.ComponentResource {
  /** Address of the first host, `https://...`, known once the edge's objects are there. */
  public readonly url: pulumi.Output<string>;

  constructor(name: string, args: EdgeArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "EdgeArgs", `${name} (Edge)`, args);
    super("gatehouse:kubernetes:Edge", name, {}, opts);
    throwIfAny(checkEdge(describe(name, this), args));

    const objects = this.createObjects(name, args);

    this.url = pulumi.all(objects.map(({ urn }) => urn)).apply(() => `https://${args.hosts[0] ?? ""}`);
    this.registerOutputs({ url: this.url });
  }

  private createObjects(name: string, args: EdgeArgs): pulumi.Resource[] {
    const { kind, gateway, alb } = args;
    switch (kind) {
      case EdgeKind.Nginx:
        return [this.createIngress(name, args, nginxIngress(args))];
      // Without its options, either of these has been refused before.
      case EdgeKind.Alb:
        return alb ? [this.createIngress(name, args, albIngress(describe(name, this), args, alb))] : [];
      case EdgeKind.Gateway:
        return gateway
          ? gatewayObjects(name, args, gateway).map((object) => this.createGatewayObject(name, args, object))
          : [];
    }
  }

  private createIngress(name: string, args: EdgeArgs, { annotations, spec }: RenderedIngress): networking.Ingress {
    const metadata = this.metadata(name, args, { kind: "Ingress", name, annotations });
    return new networking.Ingress(`${name}-ingress`, { metadata, spec }, { parent: this });
  }

  private createGatewayObject(name: string, args: EdgeArgs, object: GatewayObject): CustomResource {
    const { part, apiVersion, kind, spec } = object;
    const metadata = this.metadata(name, args, object);
    return new CustomResource(`${name}-${part}`, { apiVersion, kind, metadata, spec }, { parent: this });
  }

  private metadata(
    name: string,
    { namespace, labels }: EdgeArgs,
    object: { kind: string; name: string; annotations?: Record<string, pulumi.Input<string>> },
  ): ReturnType<typeof objectMeta> {
    return objectMeta(describe(name, this), {
      kind: object.kind,
      name: object.name,
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
      annotations: object.annotations,
    });
  }
}
