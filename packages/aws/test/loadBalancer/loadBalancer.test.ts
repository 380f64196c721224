import {
  LoadBalancer,
  type LoadBalancerArgs,
  LoadBalancerScheme,
  ManagedRuleGroup,
  type TargetGroupArgs,
} from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { checkLoadBalancer } from "../../src/loadBalancer/loadBalancerChecks.ts";
import { network } from "../support/network.ts";
import { record, type Recording, refusal, region } from "../support/record.ts";

const addresses = [{ cidr: "10.0.0.0/22" }];
const certificateArn = "arn:aws:acm:eu-west-1:123456789012:certificate/1234";
const balancer: LoadBalancerArgs = {
  ...network,
  region,
  scheme: LoadBalancerScheme.InternetFacing,
  dns: { zoneId: "Z1", names: ["shop.example.com"] },
  targets: { orders: { port: 8080, healthPath: "/ready", addresses } },
};
const make =
  (args: Partial<LoadBalancerArgs> = {}) =>
  () =>
    new LoadBalancer("shop", { ...balancer, ...args });

const balancerType = "aws:lb/loadBalancer:LoadBalancer";
const groupType = "aws:lb/targetGroup:TargetGroup";
const listenerType = "aws:lb/listener:Listener";
const ruleType = "aws:lb/listenerRule:ListenerRule";
const recordType = "aws:route53/record:Record";
const aclType = "aws:wafv2/webAcl:WebAcl";
const associationType = "aws:wafv2/webAclAssociation:WebAclAssociation";
const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const inputs = (recording: Recording, type: string, name: string) => recording.resource(type, name).inputs;

test("a load balancer is made of these resources", async () => {
  expect((await record(make())).family()).toEqual([
    "gatehouse:aws:LoadBalancer shop",
    "shop > aws:acm/certificate:Certificate shop",
    "shop > aws:acm/certificateValidation:CertificateValidation shop",
    "shop > aws:ec2/securityGroup:SecurityGroup shop",
    "shop > aws:lb/listener:Listener shop-http",
    "shop > aws:lb/listener:Listener shop-https",
    "shop > aws:lb/loadBalancer:LoadBalancer shop",
    "shop > aws:lb/targetGroup:TargetGroup shop-orders",
    "shop > aws:route53/record:Record shop-shop.example.com",
    "shop > aws:route53/record:Record shop-validation-shop.example.com",
    "shop > aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule shop-egress-tcp-8080-10.0.0.0-22",
    "shop > aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule shop-ingress-tcp-443-0.0.0.0-0",
    "shop > aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule shop-ingress-tcp-80-0.0.0.0-0",
    "shop > aws:wafv2/webAcl:WebAcl shop",
    "shop > aws:wafv2/webAclAssociation:WebAclAssociation shop",
    "shop > gatehouse:aws:SecurityGroup shop",
  ]);
});

test("it drops invalid headers, is in three zones and protected", async () => {
  const found = (await record(make({ tags: { team: "checkout" } }))).resource(balancerType, "shop");
  expect(found.inputs).toEqual({
    region,
    namePrefix: "shop",
    loadBalancerType: "application",
    internal: false,
    subnets: ["subnet-a", "subnet-b", "subnet-c"],
    securityGroups: ["shop-id"],
    idleTimeout: 60,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: "defensive",
    enableDeletionProtection: true,
    tags: { Name: "shop", team: "checkout" },
  });
  expect(found.protect).toBe(true);
});

test("one switch takes the protection away", async () => {
  const recording = await record(make({ deletionProtection: false }));
  expect(recording.resource(balancerType, "shop")).toMatchObject({
    protect: false,
    inputs: { enableDeletionProtection: false },
  });
});

test("port 443 has the certificate, the TLS policy and the headers, and port 80 redirects to it", async () => {
  const recording = await record(make());
  expect(inputs(recording, listenerType, "shop-https")).toEqual({
    region,
    loadBalancerArn: "arn:aws:lb:eu-west-1:123456789012:shop",
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    certificateArn: "arn:aws:acm:eu-west-1:123456789012:shop",
    defaultActions: [{ type: "forward", targetGroupArn: "arn:aws:lb:eu-west-1:123456789012:shop-orders" }],
    routingHttpResponseServerEnabled: false,
    routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=31536000; includeSubDomains",
    routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
    routingHttpResponseXFrameOptionsHeaderValue: "DENY",
  });
  expect(inputs(recording, listenerType, "shop-http")).toEqual({
    region,
    loadBalancerArn: "arn:aws:lb:eu-west-1:123456789012:shop",
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
  });
  const closed = await record(make({ redirectHttp: false }));
  expect(closed.names(listenerType)).toEqual(["shop-https"]);
  expect(closed.names(ingressType)).toEqual(["shop-ingress-tcp-443-0.0.0.0-0"]);
});

describe("a target group", () => {
  test("has a generated name, targets by address, a health check and no stickiness", async () => {
    expect(inputs(await record(make()), groupType, "shop-orders")).toEqual({
      region,
      vpcId: "vpc-1",
      namePrefix: "shop-o",
      targetType: "ip",
      port: 8080,
      protocol: "HTTP",
      deregistrationDelay: 30,
      healthCheck: {
        path: "/ready",
        protocol: "HTTP",
        port: "traffic-port",
        matcher: "200",
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      stickiness: { type: "lb_cookie", enabled: false },
      tags: { Name: "shop-orders" },
    });
  });

  test("is replaced before the old one goes, however long its name", async () => {
    const name = "a-name-of-more-than-thirty-two-characters-in-all";
    const targets = { [name]: { port: 8080, healthPath: "/ready", addresses } };
    const group = (await record(make({ targets }))).resource(groupType, `shop-${name}`);
    expect(group.inputs.namePrefix).toBe("shop-a");
    expect(group.inputs).not.toHaveProperty("name");
    expect(group.deleteBeforeReplace).toBe(false);
  });

  test("with hosts and paths has a rule, and what no rule matches is not found", async () => {
    const target = { port: 8080, healthPath: "/ready", addresses };
    const recording = await record(
      make({
        targets: {
          api: { ...target, hosts: ["api.example.com"], paths: ["/v1/*", "/v2/*"] },
          admin: { ...target, paths: ["/admin"], priority: 5 },
        },
      }),
    );
    expect(inputs(recording, ruleType, "shop-api")).toEqual({
      region,
      listenerArn: "arn:aws:lb:eu-west-1:123456789012:shop-https",
      priority: 10,
      conditions: [{ hostHeader: { values: ["api.example.com"] } }, { pathPattern: { values: ["/v1/*", "/v2/*"] } }],
      actions: [{ type: "forward", targetGroupArn: "arn:aws:lb:eu-west-1:123456789012:shop-api" }],
    });
    expect(inputs(recording, ruleType, "shop-admin")).toMatchObject({
      priority: 5,
      conditions: [{ pathPattern: { values: ["/admin"] } }],
    });
    expect(inputs(recording, listenerType, "shop-https").defaultActions).toEqual([
      {
        type: "fixed-response",
        fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
      },
    ]);
  });

  test("with a security group gets a rule that admits the load balancer", async () => {
    const targets = { orders: { port: 8080, healthPath: "/ready", securityGroup: { id: "sg-pods" } } };
    const recording = await record(make({ targets }));
    expect(recording.names(egressType)).toEqual(["shop-egress-tcp-8080-sg-pods"]);
    expect(inputs(recording, ingressType, "shop-server-tcp-8080-sg-pods")).toMatchObject({
      securityGroupId: "sg-pods",
      referencedSecurityGroupId: "shop-id",
      fromPort: 8080,
    });
  });
});

describe("the certificate", () => {
  test("is validated by one record for a name and its wildcard", async () => {
    const names = ["shop.example.com", "*.shop.example.com", "example.com"];
    const recording = await record(make({ dns: { zoneId: "Z1", names } }));
    expect(inputs(recording, "aws:acm/certificate:Certificate", "shop")).toEqual({
      region,
      domainName: "shop.example.com",
      subjectAlternativeNames: ["*.shop.example.com", "example.com"],
      validationMethod: "DNS",
    });
    expect(recording.names(recordType).filter((name) => name.includes("validation"))).toEqual([
      "shop-validation-example.com",
      "shop-validation-shop.example.com",
    ]);
    expect(inputs(recording, recordType, "shop-validation-shop.example.com")).toEqual({
      zoneId: "Z1",
      name: "_x.shop.example.com.",
      type: "CNAME",
      records: ["_y.shop.example.com.acm-validations.aws."],
      ttl: 300,
      allowOverwrite: true,
    });
    expect(inputs(recording, "aws:acm/certificateValidation:CertificateValidation", "shop")).toEqual({
      region,
      certificateArn: "arn:aws:acm:eu-west-1:123456789012:shop",
      validationRecordFqdns: ["fqdn-of-shop-validation-shop.example.com", "fqdn-of-shop-validation-example.com"],
    });
    expect(recording.resource(listenerType, "shop-https").dependencies).toContain("shop");
  });

  test("may be given", async () => {
    const recording = await record(make({ certificateArn: pulumi.output(certificateArn), dns: undefined }));
    expect(recording.names("aws:acm/certificate:Certificate")).toEqual([]);
    expect(recording.names(recordType)).toEqual([]);
    expect(inputs(recording, listenerType, "shop-https").certificateArn).toBe(certificateArn);
  });

  test("of another region is refused also if it is known late", async () => {
    const other = "arn:aws:acm:us-east-1:123456789012:certificate/1234";
    const message =
      "shop (LoadBalancer).certificateArn: an ACM certificate of another region cannot be used here\n  value:    arn:aws:acm:us-east-1:123456789012:certificate/1234\n  expected: arn:<partition>:acm:eu-west-1:<account>:certificate/<id>\n  fix:      use one in eu-west-1";
    expect(await refusal(make({ certificateArn: other }))).toBe(message);
    expect(await refusal(make({ certificateArn: pulumi.output(other) }))).toBe(message);
  });
});

describe("alias records", () => {
  test("follow the targets' health with one target group, and not with several", async () => {
    const one = await record(make());
    expect(inputs(one, recordType, "shop-shop.example.com")).toEqual({
      zoneId: "Z1",
      name: "shop.example.com",
      type: "A",
      aliases: [
        { name: "shop-1234.eu-west-1.elb.amazonaws.com", zoneId: "Z32O12XQLNTSW2", evaluateTargetHealth: true },
      ],
    });
    const target = { port: 8080, healthPath: "/ready", addresses };
    const two = await record(make({ targets: { orders: target, admin: { ...target, paths: ["/admin"] } } }));
    expect(inputs(two, recordType, "shop-shop.example.com")).toMatchObject({
      aliases: [{ evaluateTargetHealth: false }],
    });
  });

  test("are left to others", async () => {
    const recording = await record(make({ dns: { zoneId: "Z1", names: ["shop.example.com"], aliasRecords: false } }));
    expect(recording.names(recordType)).toEqual(["shop-validation-shop.example.com"]);
  });
});

describe("the web ACL", () => {
  test("counts requests by address and has AWS' groups", async () => {
    const visibility = (metricName: string) => ({
      cloudwatchMetricsEnabled: true,
      metricName,
      sampledRequestsEnabled: true,
    });
    expect(inputs(await record(make()), aclType, "shop")).toEqual({
      region,
      scope: "REGIONAL",
      description: "Rules of the load balancer",
      defaultAction: { allow: {} },
      visibilityConfig: visibility("all"),
      rules: [
        {
          name: "rate",
          priority: 10,
          action: { block: {} },
          statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 2000, evaluationWindowSec: 300 } },
          visibilityConfig: visibility("rate"),
        },
        {
          name: "AWSManagedRulesKnownBadInputsRuleSet",
          priority: 20,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesKnownBadInputsRuleSet" },
          },
          visibilityConfig: visibility("AWSManagedRulesKnownBadInputsRuleSet"),
        },
        {
          name: "AWSManagedRulesAmazonIpReputationList",
          priority: 30,
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesAmazonIpReputationList" },
          },
          visibilityConfig: visibility("AWSManagedRulesAmazonIpReputationList"),
        },
      ],
    });
  });

  test("is attached once the listeners are there, and with time", async () => {
    const association = (await record(make())).resource(associationType, "shop");
    expect(association.inputs).toEqual({
      region,
      resourceArn: "arn:aws:lb:eu-west-1:123456789012:shop",
      webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:shop",
    });
    expect(association.dependencies).toEqual(expect.arrayContaining(["shop-http", "shop-https"]));
    expect(association.customTimeouts.create).toBe("15m");
  });

  test("may be another one, or none", async () => {
    const given = await record(make({ webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1" }));
    expect(given.names(aclType)).toEqual([]);
    expect(inputs(given, associationType, "shop").webAclArn).toBe(
      "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1",
    );
    const none = await record(make({ withoutWaf: true }));
    expect([...none.names(aclType), ...none.names(associationType)]).toEqual([]);
  });

  test("takes rule groups of the account up to its capacity", async () => {
    const arn = "arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/own/1";
    const waf = (capacity: number) => ({
      managedRuleGroups: [ManagedRuleGroup.Common, ManagedRuleGroup.KnownBadInputs],
      ruleGroups: { own: { arn, capacity } },
    });
    const { rules } = inputs(await record(make({ waf: waf(598) })), aclType, "shop");
    expect(rules).toHaveLength(4);
    expect((rules as unknown[])[3]).toMatchObject({
      name: "own",
      priority: 40,
      statement: { ruleGroupReferenceStatement: { arn } },
    });
    expect(await refusal(make({ waf: waf(599) }))).toBe(
      "shop (LoadBalancer).waf: the rules need more capacity than a web ACL has\n  value:    rate 2 + AWSManagedRulesCommonRuleSet 700 + AWSManagedRulesKnownBadInputsRuleSet 200 + own 599 = 1501\n  expected: at most 1500\n  fix:      remove a rule group",
    );
  });
});

describe("access logs", () => {
  test("go to the bucket, once its policy is there", async () => {
    const bucket = pulumi.output("shop-logs");
    expect(
      inputs(await record(make({ accessLogs: { bucket, prefix: "alb" } })), balancerType, "shop").accessLogs,
    ).toEqual({ enabled: true, bucket: "shop-logs", prefix: "alb" });
  });

  test("cannot go to a bucket with a KMS key", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1";
    expect(await refusal(make({ accessLogs: { bucket: "audit", kmsKeyArn } }))).toBe(
      "shop (LoadBalancer).accessLogs.bucket: the bucket encrypts with a KMS key, and a load balancer cannot write to it\n  value:    arn:aws:kms:eu-west-1:123456789012:key/1\n  expected: a bucket that encrypts with SSE-S3\n  fix:      use a LogBucket",
    );
  });
});

test("outputs name what others need", async () => {
  let found: unknown;
  await record(() => {
    const made = make()();
    pulumi
      .all([made.arn, made.monitored, made.dnsName, made.zoneId, made.url, made.securityGroupId])
      .apply((all) => (found = [...all, Object.keys(made.targetGroupArns)]));
  });
  expect(found).toEqual([
    "arn:aws:lb:eu-west-1:123456789012:shop",
    {
      arnSuffix: "app/shop/50dc6c495c0c9188",
      targetGroups: { orders: "targetgroup/shop-orders/73e2d6bc24d8a067" },
    },
    "shop-1234.eu-west-1.elb.amazonaws.com",
    "Z32O12XQLNTSW2",
    "https://shop.example.com",
    "shop-id",
    ["orders"],
  ]);
});

test("a target group's ARN is known by a name that it has", async () => {
  let arn: unknown;
  await record(() =>
    make()()
      .targetGroupArn("orders")
      .apply((known) => (arn = known)),
  );
  expect(arn).toBe("arn:aws:lb:eu-west-1:123456789012:shop-orders");
  expect(await refusal(() => make()().targetGroupArn("order"))).toBe(
    'LoadBalancer.targetGroupArns: the load balancer has no such targets\n  value:    order\n  expected: orders\n  fix:      did you mean "orders"?',
  );
});

describe("an internal load balancer", () => {
  const scheme = LoadBalancerScheme.Internal;

  test("admits the clients that are named", async () => {
    const admits = [{ name: "vpc", addresses: [{ cidr: "10.0.0.0/16" }] }];
    const recording = await record(make({ scheme, admits }));
    expect(inputs(recording, balancerType, "shop").internal).toBe(true);
    expect(recording.names(ingressType)).toEqual([
      "shop-ingress-tcp-443-10.0.0.0-16",
      "shop-ingress-tcp-80-10.0.0.0-16",
    ]);
  });

  test("without clients is refused", async () => {
    expect(await refusal(make({ scheme }))).toBe(
      'shop (LoadBalancer).admits: no client may connect\n  expected: the clients in the VPC\n  fix:      name them: admits: [{ name: "vpc", addresses: [{ cidr: "10.20.0.0/16" }] }]',
    );
  });
});

describe("what AWS refuses or ignores", () => {
  const [a, b, c] = network.subnets;
  const subnets = (...all: (typeof a)[]) => all.flatMap((one) => one ?? []);
  const target = { port: 8080, healthPath: "/ready", addresses };
  test.each<[string, Partial<LoadBalancerArgs>, string]>([
    [
      "two subnets in one zone",
      { subnets: subnets(a, b, { id: "subnet-d", zone: "eu-west-1b", cidr: "10.0.3.0/24" }) },
      "shop (LoadBalancer).subnets: two subnets are in the same zone, and a load balancer has one subnet in a zone\n  value:    eu-west-1a, eu-west-1b, eu-west-1b\n  expected: one subnet in each of at least 2 zones\n  fix:      leave out one of the subnets in eu-west-1b, or take one in another zone",
    ],
    [
      "two zones of three",
      { subnets: subnets(a, c), minZones: 3 },
      "shop (LoadBalancer).subnets: a load balancer needs subnets in more zones\n  value:    eu-west-1a, eu-west-1c\n  expected: one subnet in each of at least 3 zones",
    ],
    [
      "a name of 33 characters",
      { loadBalancerName: "s".repeat(33) },
      `shop (LoadBalancer).loadBalancerName: the name is 33 characters long\n  value:    ${"s".repeat(33)}\n  expected: at most 32 characters\n  fix:      for example ${"s".repeat(23)}-92e184bd`,
    ],
    [
      "a reserved name",
      { loadBalancerName: "internal-shop" },
      'shop (LoadBalancer).loadBalancerName: the service refuses a name that begins with "internal-"\n  value:    internal-shop',
    ],
    [
      "no certificate",
      { dns: undefined },
      "shop (LoadBalancer).certificateArn: there is no certificate for HTTPS\n  expected: certificateArn, or dns, for whose names one is made",
    ],
    [
      "an old TLS policy",
      { sslPolicy: "ELBSecurityPolicy-2016-08" },
      "shop (LoadBalancer).sslPolicy: the policy allows TLS below 1.2, or is not known to refuse it\n  value:    ELBSecurityPolicy-2016-08\n  expected: a policy that begins with ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-\n  fix:      use ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    ],
    [
      "a check that takes as long as its interval",
      { targets: { orders: { ...target, healthTimeoutSeconds: 15 } } },
      "shop (LoadBalancer).targets.orders.healthTimeoutSeconds: a health check may take as long as the time between two of them\n  value:    healthTimeoutSeconds 15, healthIntervalSeconds 15\n  expected: less than 15",
    ],
    [
      "targets that are nowhere",
      { targets: { orders: { port: 8080, healthPath: "/ready" } } },
      'shop (LoadBalancer).targets.orders: the endpoint has no address\n  expected: securityGroup or addresses\n  fix:      for a server anywhere on the internet, use external(name, port, ["0.0.0.0/0"])',
    ],
    [
      "no targets",
      { targets: {} },
      "shop (LoadBalancer).targets: there are no targets\n  expected: at least one target group",
    ],
    [
      "two targets for all requests",
      { targets: { orders: target, admin: target } },
      "shop (LoadBalancer).targets: several targets have neither hosts nor paths, and only one can get all other requests\n  value:    orders, admin\n  expected: hosts or paths for all but one",
    ],
    [
      "two equal priorities",
      { targets: { api: { ...target, paths: ["/api"] }, admin: { ...target, paths: ["/admin"], priority: 10 } } },
      "shop (LoadBalancer).targets.admin.priority: two targets have the same priority\n  value:    10\n  expected: a priority for each",
    ],
    [
      "a priority of the default",
      { targets: { orders: { ...target, priority: 10 } } },
      "shop (LoadBalancer).targets.orders.priority: priority has no effect because the targets have neither hosts nor paths\n  fix:      remove priority",
    ],
    [
      "a window that WAF does not have",
      { waf: { rateLimit: { requests: 100, windowSeconds: 90 } } },
      "shop (LoadBalancer).waf.rateLimit.windowSeconds: WAF does not count over this window\n  value:    90\n  expected: 60, 120, 300, 600",
    ],
    [
      "rules beside another web ACL",
      { webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/a/1", waf: {} },
      "shop (LoadBalancer).waf: waf has no effect because webAclArn is set\n  fix:      remove waf",
    ],
    [
      "rules without a WAF",
      { withoutWaf: true, waf: {} },
      "shop (LoadBalancer).waf: waf has no effect because withoutWaf is true\n  fix:      remove waf",
    ],
    [
      "an address as a name",
      { dns: { zoneId: "Z1", names: ["https://shop.example.com"] } },
      "shop (LoadBalancer).dns.names: not the name of a host\n  value:    https://shop.example.com\n  expected: lower-case labels with dots between them, such as orders.example.com or *.example.com",
    ],
    [
      "a long first name",
      { dns: { zoneId: "Z1", names: [`${"s".repeat(53)}.example.com`] } },
      `shop (LoadBalancer).dns.names: the first name of a certificate is too long\n  value:    ${"s".repeat(53)}.example.com, 65 characters\n  expected: at most 64 characters\n  fix:      put a shorter name first`,
    ],
    [
      "a header that browsers ignore",
      { strictTransportSecurity: "1 year" },
      "shop (LoadBalancer).strictTransportSecurity: not a value of Strict-Transport-Security\n  value:    1 year\n  expected: max-age=<seconds>, and after it ; includeSubDomains and ; preload",
    ],
    [
      "a prefix with AWS' own folder",
      { accessLogs: { bucket: "logs", prefix: "AWSLogs" } },
      "shop (LoadBalancer).accessLogs.prefix: not a prefix of access logs\n  value:    AWSLogs\n  expected: a path without a slash at either end and without AWSLogs",
    ],
  ])("%s", async (_, args, message) => {
    expect(await refusal(make(args))).toBe(message);
  });
});

describe("bounds", () => {
  const addressed = { port: 8080, healthPath: "/ready", addresses };
  const target = (args: Partial<TargetGroupArgs>): Partial<LoadBalancerArgs> => ({
    targets: { orders: { ...addressed, ...args }, admin: { ...addressed, paths: ["/admin"] } },
  });
  const prioritized = (priority: number): Partial<LoadBalancerArgs> => ({
    targets: { orders: { ...addressed, paths: ["/"], priority } },
  });
  const rate = (requests: number): Partial<LoadBalancerArgs> => ({ waf: { rateLimit: { requests } } });

  test.each<[string, (value: number) => Partial<LoadBalancerArgs>, number, number]>([
    ["minZones", (minZones) => ({ minZones }), 2, 3],
    ["idleTimeoutSeconds", (idleTimeoutSeconds) => ({ idleTimeoutSeconds }), 1, 4000],
    ["waf.rateLimit.requests", rate, 10, 2_000_000_000],
    ["targets.orders.port", (port) => target({ port }), 1, 65_535],
    [
      "targets.orders.healthIntervalSeconds",
      (one) => target({ healthIntervalSeconds: one, healthTimeoutSeconds: 2 }),
      5,
      300,
    ],
    [
      "targets.orders.healthTimeoutSeconds",
      (one) => target({ healthIntervalSeconds: 300, healthTimeoutSeconds: one }),
      2,
      120,
    ],
    ["targets.orders.healthyThreshold", (healthyThreshold) => target({ healthyThreshold }), 2, 10],
    ["targets.orders.unhealthyThreshold", (unhealthyThreshold) => target({ unhealthyThreshold }), 2, 10],
    ["targets.orders.deregistrationDelaySeconds", (one) => target({ deregistrationDelaySeconds: one }), 0, 3600],
    ["targets.orders.priority", prioritized, 1, 50_000],
  ])("of %s", (path, args, least, most) => {
    const problems = (value: number) => checkLoadBalancer("shop", { ...balancer, ...args(value) });
    for (const value of [least, most]) expect(problems(value)).toEqual([]);
    for (const value of [least - 1, most + 1])
      expect(problems(value)).toMatchObject([
        {
          subject: `shop.${path}`,
          message: expect.stringMatching(/^not a/) as string,
          value: String(value),
          expected: `a whole number from ${least} to ${most}`,
        },
      ]);
  });

  test.each([60, 120, 300, 600])("of WAF's window: %i s pass", async (windowSeconds) => {
    const { rules } = inputs(
      await record(make({ waf: { rateLimit: { requests: 100, windowSeconds } } })),
      aclType,
      "shop",
    );
    expect(rules).toMatchObject([
      { statement: { rateBasedStatement: { limit: 100, evaluationWindowSec: windowSeconds } } },
      {},
      {},
    ]);
  });

  test("of the capacity: each group of AWS counts as much as AWS says", async () => {
    const ruleGroups = {
      own: { arn: "arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/own/1", capacity: 1500 },
    };
    const managedRuleGroups = Object.values(ManagedRuleGroup);
    expect(await refusal(make({ waf: { managedRuleGroups, ruleGroups } }))).toContain(
      "value:    rate 2 + AWSManagedRulesCommonRuleSet 700 + AWSManagedRulesKnownBadInputsRuleSet 200 + AWSManagedRulesAmazonIpReputationList 25 + AWSManagedRulesAnonymousIpList 50 + AWSManagedRulesSQLiRuleSet 200 + AWSManagedRulesLinuxRuleSet 200 + own 1500 = 2877",
    );
    expect(await refusal(make({ waf: { managedRuleGroups: [ManagedRuleGroup.Sql, ManagedRuleGroup.Sql] } }))).toBe(
      "shop (LoadBalancer).waf: two rules have the same name\n  value:    AWSManagedRulesSQLiRuleSet\n  expected: a name for each",
    );
  });
});

describe("a value in its form", () => {
  test.each<[string, Partial<LoadBalancerArgs>]>([
    ["a policy for TLS 1.3 only", { sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }],
    ["HSTS without subdomains", { strictTransportSecurity: "max-age=300" }],
    ["HSTS for the preload list", { strictTransportSecurity: "max-age=63072000; includeSubDomains; preload" }],
    ["a first name of 64 characters", { dns: { zoneId: "Z1", names: [`${"s".repeat(52)}.example.com`] } }],
    ["a name of 32 characters", { loadBalancerName: "s".repeat(32) }],
    ["a prefix of logs", { accessLogs: { bucket: "logs", prefix: "shop/alb" } }],
  ])("passes: %s", (_, args) => {
    expect(checkLoadBalancer("shop", { ...balancer, ...args })).toEqual([]);
  });

  test.each<[string, Partial<TargetGroupArgs>, string]>([
    ["a path without a slash", { healthPath: "ready" }, "healthPath: not a path\n  value:    ready\n  expected: /..."],
    [
      "codes in words",
      { healthCodes: "ok" },
      "healthCodes: not a list of status codes\n  value:    ok\n  expected: codes and ranges, such as 200 or 200-299",
    ],
  ])("is asked for: %s", async (_, args, message) => {
    const targets = { orders: { port: 8080, healthPath: "/ready", addresses, ...args } };
    expect(await refusal(make({ targets }))).toBe(`shop (LoadBalancer).targets.orders.${message}`);
  });

  test.each(["200", "200,204", "200-299"])("passes: the codes %s", async (healthCodes) => {
    const targets = { orders: { port: 8080, healthPath: "/ready", addresses, healthCodes } };
    expect(inputs(await record(make({ targets })), groupType, "shop-orders")).toMatchObject({
      healthCheck: { matcher: healthCodes },
    });
  });

  test.each(["/alb", "alb/", "", "x/AWSLogs/y"])("is asked for: the prefix %o", (prefix) => {
    expect(checkLoadBalancer("shop", { ...balancer, accessLogs: { bucket: "logs", prefix } })).toMatchObject([
      { subject: "shop.accessLogs.prefix", message: "not a prefix of access logs", value: prefix },
    ]);
  });

  test("is asked for: a name, and each once", async () => {
    expect(await refusal(make({ dns: { zoneId: "Z1", names: [] } }))).toBe(
      "shop (LoadBalancer).dns.names: there is no name\n  value:    an empty list\n  expected: a host",
    );
    expect(await refusal(make({ dns: { zoneId: "Z1", names: ["a.example.com", "a.example.com"] } }))).toBe(
      "shop (LoadBalancer).dns.names: the name is given twice\n  value:    a.example.com\n  expected: each name once",
    );
  });

  test("names that are long may stand with a certificate that you have", async () => {
    const dns = { zoneId: "Z1", names: [`${"s".repeat(53)}.example.com`] };
    expect((await record(make({ dns, certificateArn }))).names(recordType)).toHaveLength(1);
  });
});
