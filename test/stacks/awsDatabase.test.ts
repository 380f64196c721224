import type { Resource, StackGraph } from "@gatehouse/preview";
import { beforeAll, expect, test } from "vitest";
import { previewExample } from "./support/example.ts";
import { at } from "./support/record.ts";

let graph: StackGraph;
beforeAll(async () => {
  graph = await previewExample("examples/aws-database");
});

function find(kind: string, name: string): Resource {
  const found = graph.resources.filter(
    (one) => one.type.endsWith(`${kind.includes(":") ? "/" : ":"}${kind}`) && one.name === name,
  );
  expect(found, `${kind} ${name}`).toHaveLength(1);
  return found[0] as Resource;
}

test("the program has no problems, and its address is that of the host", () => {
  expect(graph.diagnostics).toEqual([]);
  expect(graph.outputs.url).toBe("https://orders.dev.example.com");
});

test("pods may connect to the database's subnets at 5432, and the nodes' group is let in", () => {
  const policies = graph.resources.filter(
    ({ type, inputs }) => type.endsWith(":NetworkPolicy") && JSON.stringify(inputs).includes("5432"),
  );
  expect(policies).toHaveLength(1);
  expect(at(policies[0]?.inputs ?? null, "spec.egress")).toContainEqual({
    to: [{ ipBlock: { cidr: "10.20.0.0/24" } }, { ipBlock: { cidr: "10.20.1.0/24" } }],
    ports: [{ protocol: "TCP", port: 5432 }],
  });
  expect(find("SecurityGroupIngressRule", "orders-db-ingress-tcp-5432-sg-0a1b2c3d4e5f60718").inputs).toMatchObject({
    description: "From nodes of the cluster",
    fromPort: 5432,
    toPort: 5432,
    referencedSecurityGroupId: "sg-0a1b2c3d4e5f60718",
  });
});

test("pods get the address, and the password from the namespace's Secret", () => {
  const [container] = at(find("Deployment", "orders-deployment").inputs, "spec.template.spec.containers") as {
    env: object[];
  }[];
  expect(container?.env).toEqual(
    expect.arrayContaining([
      { name: "POSTGRES_HOST", value: { $unknown: [find("Instance", "orders-db").urn] } },
      { name: "POSTGRES_PORT", value: "5432" },
      { name: "POSTGRES_DB", value: "orders" },
      { name: "POSTGRES_USER", value: "orders" },
      { name: "POSTGRES_SSLMODE", value: "require" },
      { name: "POSTGRES_PASSWORD", valueFrom: { secretKeyRef: { name: "orders", key: "password" } } },
    ]),
  );
  const [remote] = at(find("ExternalSecret", "orders-external-secret").inputs, "spec.data") as object[];
  expect(remote).toMatchObject({ secretKey: "password", remoteRef: { property: "password" } });
});

test("the workload's pods are the load balancer's targets, and both ends let the requests through", () => {
  expect(at(find("TargetGroupBinding", "orders-alb-binding").inputs, "spec")).toMatchObject({
    targetType: "ip",
    serviceRef: { name: "orders", port: 8080 },
    networking: { ingress: [{ ports: [{ protocol: "TCP", port: 8080 }] }] },
  });
  expect(at(find("NetworkPolicy", "orders-alb-policy").inputs, "spec.ingress")).toEqual([
    {
      from: [{ ipBlock: { cidr: "10.20.100.0/24" } }, { ipBlock: { cidr: "10.20.101.0/24" } }],
      ports: [{ protocol: "TCP", port: 8080 }],
    },
  ]);
  for (const range of ["10.20.0.0-24", "10.20.1.0-24"])
    expect(find("SecurityGroupEgressRule", `orders-egress-tcp-8080-${range}`).inputs).toMatchObject({
      description: "To web",
      fromPort: 8080,
    });
});

test("the load balancer writes its access logs once the policy of the bucket lets it", () => {
  const balancer = find("loadBalancer:LoadBalancer", "orders");
  const policy = find("BucketPolicy", "orders-logs-policy");
  const waitedFor = Object.values(balancer.propertyDependencies).flat();
  expect([...balancer.dependencies, ...waitedFor]).toContain(policy.urn);
  expect(balancer.inputs.accessLogs).toMatchObject({ enabled: true });
});

test("every resource of the region names it", () => {
  const global = ["iam", "route53"];
  const regional = graph.resources.filter(({ type }) => {
    const service = /^aws:(\w+)\//.exec(type)?.[1];
    return service !== undefined && !global.includes(service);
  });
  expect(regional.length).toBeGreaterThan(30);
  expect(regional.filter(({ inputs }) => inputs.region !== "eu-west-1").map(({ urn }) => urn)).toEqual([]);
});

test("what holds data is protected", () => {
  const protectedTypes = graph.resources.filter(({ options }) => options.protect === true).map(({ type }) => type);
  expect(protectedTypes.sort()).toEqual([
    "aws:kms/key:Key",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:rds/instance:Instance",
    "aws:s3/bucket:Bucket",
  ]);
});
