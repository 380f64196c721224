import { TargetGroupBinding, type TargetGroupBindingArgs, Workload } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { workload } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/73e2d6bc24d8a067";

const make =
  (args: Partial<TargetGroupBindingArgs> = {}) =>
  () => {
    const { target } = new Workload("orders", workload);
    new TargetGroupBinding("orders-alb", {
      target,
      targetGroupArn,
      securityGroupId: "sg-alb",
      subnetCidrs: ["10.0.100.0/24", "10.0.101.0/24"],
      ...args,
    });
  };

const labels = { "app.kubernetes.io/name": "orders-alb", "app.kubernetes.io/managed-by": "pulumi" };

test("the workload's pods are registered by address, and the load balancer's group is admitted", async () => {
  const { inputs, parent } = (await record(make())).resource(
    "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding",
    "orders-alb-binding",
  );
  expect(parent).toBe("orders-alb");
  expect(inputs).toMatchObject({
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { name: "orders-alb", namespace: "shop", labels },
    spec: {
      targetType: "ip",
      targetGroupARN: targetGroupArn,
      serviceRef: { name: "orders", port: 80 },
      networking: {
        ingress: [{ from: [{ securityGroup: { groupID: "sg-alb" } }], ports: [{ protocol: "TCP", port: 8080 }] }],
      },
    },
  });
});

test("a network policy admits the load balancer's subnets to the pods' port", async () => {
  const policy = (await record(make())).object("NetworkPolicy", "orders-alb-load-balancer");
  expect(policy.metadata).toMatchObject({ namespace: "shop", labels });
  expect(policy.spec).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/name": "orders" } },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ ipBlock: { cidr: "10.0.100.0/24" } }, { ipBlock: { cidr: "10.0.101.0/24" } }],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ],
  });
});

describe("what cannot work", () => {
  const wrongArn =
    "orders-alb (TargetGroupBinding).targetGroupArn: not the ARN of a target group\n  value:    orders\n  expected: arn:<partition>:elasticloadbalancing:<region>:<account>:targetgroup/<name>/<id>";
  test.each<[string, Partial<TargetGroupBindingArgs>, string]>([
    ["a target group's name", { targetGroupArn: "orders" }, wrongArn],
    ["a name that is known late", { targetGroupArn: pulumi.output("orders") }, wrongArn],
    [
      "no subnet",
      { subnetCidrs: [] },
      "orders-alb (TargetGroupBinding).subnetCidrs: subnetCidrs is empty, but with IP targets traffic arrives from the ALB's subnets\n  expected: the ranges of all of the ALB's subnets",
    ],
  ])("%s", async (_, args, message) => {
    expect(await refusal(make(args))).toBe(message);
  });
});
