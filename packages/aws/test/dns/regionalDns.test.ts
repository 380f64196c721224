import { DnsRouting, RegionalDns, type RegionalDnsArgs } from "@gatehouse/aws";
import { expect, test } from "vitest";
import { account, record, refusal, region } from "../support/record.ts";

const certificateArn = `arn:aws:acm:${region}:${account}:certificate/1234`;
const make =
  (args: Partial<RegionalDnsArgs> = {}) =>
  () =>
    new RegionalDns("broker", {
      zoneId: "Z1",
      host: "broker.example.com",
      regionalHost: `${region}.broker.example.com`,
      region,
      targetDnsName: "broker-1.elb.amazonaws.com",
      targetZoneId: "Z2",
      certificateArn,
      healthPath: "/health",
      ...args,
    });
const aliases = [{ name: "broker-1.elb.amazonaws.com", zoneId: "Z2", evaluateTargetHealth: true }];

test("a region's own record, its health check, and its latency record of the shared name", async () => {
  const recording = await record(make());
  const record53 = "aws:route53/record:Record";
  expect(recording.resource(record53, "broker-regional").inputs).toEqual({
    zoneId: "Z1",
    name: `${region}.broker.example.com`,
    type: "A",
    aliases,
  });
  expect(recording.resource("aws:route53/healthCheck:HealthCheck", "broker-health").inputs).toEqual({
    type: "HTTPS",
    fqdn: `${region}.broker.example.com`,
    port: 443,
    resourcePath: "/health",
    enableSni: true,
    requestInterval: 30,
    failureThreshold: 3,
    tags: { Name: `${region}.broker.example.com` },
  });
  const { healthCheckId, ...shared } = recording.resource(record53, "broker-shared").inputs;
  expect(String(healthCheckId)).toMatch(/broker-health/);
  expect(shared).toEqual({
    zoneId: "Z1",
    name: "broker.example.com",
    type: "A",
    setIdentifier: region,
    aliases,
    latencyRoutingPolicies: [{ region }],
  });
});

test.each([
  [DnsRouting.FailoverPrimary, "PRIMARY"],
  [DnsRouting.FailoverSecondary, "SECONDARY"],
])("%s", async (routing, type) => {
  const { inputs } = (await record(make({ routing }))).resource("aws:route53/record:Record", "broker-shared");
  expect([inputs.failoverRoutingPolicies, inputs.latencyRoutingPolicies]).toEqual([[{ type }], undefined]);
});

test.each<[string, Partial<RegionalDnsArgs>, string]>([
  [
    "a region without its certificate",
    { certificateArn: "" },
    `broker (RegionalDns).certificateArn: the region has no certificate
  value:    ${region}
  expected: the ARN of one
  fix:      request a certificate in ${region}`,
  ],
  [
    "a certificate of another region",
    { certificateArn: `arn:aws:acm:us-east-1:${account}:certificate/1234` },
    `broker (RegionalDns).certificateArn: an ACM certificate of another region cannot be used here
  value:    arn:aws:acm:us-east-1:${account}:certificate/1234
  expected: arn:<partition>:acm:${region}:<account>:certificate/<id>
  fix:      use one in ${region}`,
  ],
  [
    "a health check of the shared name",
    { regionalHost: "broker.example.com" },
    `broker (RegionalDns).regionalHost: the health check would ask whichever region answers, not this one
  value:    broker.example.com
  expected: a name of this region alone
  fix:      use ${region}.broker.example.com`,
  ],
  [
    "an interval that Route 53 does not know",
    { healthIntervalSeconds: 20 },
    `broker (RegionalDns).healthIntervalSeconds: Route 53 knows two intervals
  value:    20
  expected: 10 or 30`,
  ],
])("%s is refused", async (_, args, expected) => {
  expect(await refusal(make(args))).toBe(expected);
});
