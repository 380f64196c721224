import {
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  type Problem,
  recommendedLabels,
  throwIfAny,
} from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../../argsSchema.ts";
import { objectMeta } from "../../meta/objectMeta.ts";
import { ingressRule } from "../../network/networkPolicyRules.ts";
import type { ServiceTargetArgs } from "../../network/target.ts";
import { checkSubnets, subnetRanges } from "./albChecks.ts";

export interface TargetGroupBindingArgs {
  /** Service whose pods are registered: a Workload's `target`. */
  target: ServiceTargetArgs;
  /** ARN of a target group with targets by address: `balancer.targetGroupArn("orders")` of a LoadBalancer. */
  targetGroupArn: pulumi.Input<string>;
  /** Id of the load balancer's security group. The controller admits it to the pods' port. */
  securityGroupId: pulumi.Input<string>;
  /** IPv4 ranges of the load balancer's subnets, from which its requests and health checks reach the pods. */
  subnetCidrs: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Labels of the objects.
   * @default the recommended labels
   */
  labels?: Record<string, string>;
}

/**
 * Registers a workload's pods in a target group of a load balancer that exists, and admits its requests: by the pods'
 * security group and by a network policy. The AWS Load Balancer Controller must run in the cluster.
 *
 * With `albReadinessGate` on the RestrictedNamespace, a rollout waits until the load balancer knows the new pods.
 *
 * @example
 * const shop = new Workload("shop", workload);
 * new TargetGroupBinding("shop", {
 *   target: shop.target,
 *   targetGroupArn: balancer.targetGroupArn("shop"),
 *   securityGroupId: balancer.securityGroupId,
 *   subnetCidrs: ["10.20.100.0/24", "10.20.101.0/24"],
 * });
 */
export class TargetGroupBinding extends pulumi.ComponentResource {
  /** @throws InputError if the target group or the ranges are not what they should be. */
  constructor(name: string, args: TargetGroupBindingArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "TargetGroupBindingArgs", `${name} (TargetGroupBinding)`, args);
    super("gatehouse:kubernetes:TargetGroupBinding", name, {}, opts);
    throwIfAny(checkSubnets(`${describe(name, this)}.subnetCidrs`, args.subnetCidrs));

    this.createBinding(name, args, opts);
    this.admitRequests(name, args, opts);
    this.registerOutputs();
  }

  private createBinding(
    name: string,
    args: TargetGroupBindingArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const { target, targetGroupArn, securityGroupId } = args;
    const subject = `${describe(name, this)}.targetGroupArn`;
    // https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/
    const spec = {
      targetType: "ip",
      targetGroupARN: checkedInput(targetGroupArn, (arn) => checkTargetGroupArn(subject, arn)),
      serviceRef: { name: target.serviceName, port: target.servicePort },
      // Without it, the controller leaves the pods' security group closed.
      networking: {
        ingress: [
          {
            from: [{ securityGroup: { groupID: securityGroupId } }],
            ports: [{ protocol: "TCP", port: target.port }],
          },
        ],
      },
    };
    const metadata = this.metadata(name, args, { kind: "TargetGroupBinding", name });
    new CustomResource(
      `${name}-binding`,
      { apiVersion: "elbv2.k8s.aws/v1beta1", kind: "TargetGroupBinding", metadata, spec },
      childOptions(this, opts),
    );
  }

  /** Policies add up, so the workload behind the load balancer need not know it. */
  private admitRequests(
    name: string,
    args: TargetGroupBindingArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const { pods, port } = args.target;
    const subject = describe(name, this);
    const addresses = subnetRanges(`${subject}.subnetCidrs`, args.subnetCidrs);
    const spec = {
      podSelector: { matchLabels: pods.labels },
      policyTypes: ["Ingress"],
      ingress: [ingressRule(subject, { name: "load balancer", addresses, port })],
    };
    const metadata = this.metadata(name, args, { kind: "NetworkPolicy", name: `${name}-load-balancer` });
    new networking.NetworkPolicy(`${name}-policy`, { metadata, spec }, childOptions(this, opts));
  }

  private metadata(
    name: string,
    { target, labels }: TargetGroupBindingArgs,
    object: { kind: string; name: string },
  ): ReturnType<typeof objectMeta> {
    return objectMeta(name, this, {
      ...object,
      namespace: target.pods.namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
    });
  }
}

function checkTargetGroupArn(subject: string, arn: string): Problem[] {
  if (/^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[^/]+\/[a-z0-9]+$/.test(arn)) return [];
  return [
    {
      subject,
      message: "not the ARN of a target group",
      value: arn,
      expected: "arn:<partition>:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>",
    },
  ];
}
