import { checkName, contentHash, InputError, nameKinds, physicalName, shortHash } from "@gatehouse/core";
import type { NameKind } from "@gatehouse/core";
import { expect, test } from "vitest";

const limits: Record<NameKind, [min: number, max: number]> = {
  "kubernetes:Object": [1, 253],
  "kubernetes:Namespace": [1, 63],
  "kubernetes:Service": [1, 63],
  "kubernetes:Container": [1, 63],
  "kubernetes:Deployment": [1, 63],
  "kubernetes:StatefulSet": [1, 52],
  "kubernetes:Job": [1, 63],
  "kubernetes:CronJob": [1, 52],
  "kubernetes:HorizontalPodAutoscaler": [1, 253],
  "kubernetes:LabelValue": [0, 63],
  "kubernetes:Port": [1, 15],
  "gcp:CloudSqlInstance": [1, 67],
  "gcp:CloudRunService": [1, 49],
  "gcp:CloudRunJob": [1, 63],
  "gcp:ServiceAccount": [6, 30],
  "gcp:VpcConnector": [2, 25],
  "gcp:Memorystore": [1, 40],
  "gcp:Secret": [1, 255],
  "gcp:ArtifactRegistryRepository": [1, 63],
  "gcp:ComputeResource": [1, 63],
  "aws:LoadBalancer": [1, 32],
  "aws:TargetGroup": [1, 32],
  "aws:IamRole": [1, 64],
  "aws:S3Bucket": [3, 63],
  "aws:RdsInstance": [1, 63],
  "aws:RdsParameterGroup": [1, 255],
  "aws:RdsSubnetGroup": [1, 255],
  "aws:WebAcl": [1, 128],
  "aws:KmsAlias": [7, 256],
  "aws:Secret": [1, 512],
  "aws:SecurityGroup": [1, 255],
};

/** A name of a length that its kind accepts in every other respect. */
function nameOf(kind: NameKind, length: number): string {
  return kind === "aws:KmsAlias" ? "alias/".padEnd(length, "k").slice(0, length) : "n".repeat(length);
}

test("every kind's limits are known here", () => {
  expect([...nameKinds].sort()).toEqual(Object.keys(limits).sort());
});

test.each(Object.entries(limits) as [NameKind, [number, number]][])("%s: %j characters", (kind, [min, max]) => {
  expect(physicalName(kind, nameOf(kind, min))).toBe(nameOf(kind, min));
  expect(physicalName(kind, nameOf(kind, max))).toBe(nameOf(kind, max));
  expect(checkName(kind, nameOf(kind, min))).toEqual([]);
  expect(checkName(kind, nameOf(kind, max))).toEqual([]);

  const long = nameOf(kind, max + 1);
  const short = physicalName(kind, long);
  expect(short).toBe(`${long.slice(0, max - 9)}-${shortHash(long)}`);
  expect(short).toHaveLength(max);
  expect(checkName(kind, short)).toEqual([]);
  expect(checkName(kind, long)).toEqual([
    {
      subject: kind,
      message: `the name is ${max + 1} characters long`,
      value: long,
      expected: `at most ${max} characters`,
      fix: `for example ${short}`,
    },
  ]);

  if (min > 0) expect(() => physicalName(kind, nameOf(kind, min - 1))).toThrow(InputError);
});

test("different names stay different, equal ones equal", () => {
  const long = "shield-production-public-load-balancer";
  expect(physicalName("aws:LoadBalancer", `${long}-a`)).not.toBe(physicalName("aws:LoadBalancer", `${long}-b`));
  expect(physicalName("aws:LoadBalancer", long)).toBe("shield-production-publi-1f29765b");
});

test("a shortened name has no separator before the hyphen of its hash", () => {
  // The cut of 23 characters falls behind a hyphen, or in a run of dots.
  expect(physicalName("aws:LoadBalancer", "shield-production-edge-1-and-more")).toBe(
    `shield-production-edge-${shortHash("shield-production-edge-1-and-more")}`,
  );
  expect(physicalName("kubernetes:LabelValue", `${"v".repeat(50)}....${"w".repeat(20)}`)).toMatch(
    /^v{50}-[0-9a-f]{8}$/,
  );
});

test("characters that a service refuses are an error that names the good form, not silently replaced", () => {
  expect(() => physicalName("kubernetes:Service", "Shield")).toThrow(
    [
      "kubernetes:Service: the name has characters that are not allowed there",
      "  value:    Shield",
      "  expected: lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
      "  fix:      use shield",
    ].join("\n"),
  );
  expect(checkName("kubernetes:Namespace", "Shield_Prod")[0]?.fix).toBe("use shield-prod");
  expect(checkName("kubernetes:Service", "9to5")[0]?.fix).toBeUndefined();
});

test("a character beyond the cut is refused too", () => {
  expect(() => physicalName("aws:LoadBalancer", `${"n".repeat(40)}_`)).toThrow(InputError);
});

test.each<[NameKind, string, string]>([
  ["aws:LoadBalancer", "internal-shield", 'the service refuses a name that begins with "internal-"'],
  ["aws:S3Bucket", "10.0.0.1", "the service refuses the form of an IP address"],
  ["aws:S3Bucket", "a..b", "the service refuses two dots in a row"],
  ["aws:S3Bucket", "xn--logs", 'the service refuses a name that begins with "xn--", "sthree-" or "amzn-s3-demo-"'],
  ["aws:RdsInstance", "a--b", "the service refuses two hyphens in a row"],
  ["aws:RdsSubnetGroup", "default", 'the service refuses the name "default"'],
  ["aws:KmsAlias", "alias/aws/rds", 'the service refuses a name that begins with "alias/aws/"'],
  ["aws:SecurityGroup", "sg-shield", 'the service refuses a name that begins with "sg-"'],
  ["kubernetes:Port", "a--b", "the service refuses two hyphens in a row"],
  ["kubernetes:Port", "8080", "the name has characters that are not allowed there"],
  ["kubernetes:Namespace", "shield-", "the name has characters that are not allowed there"],
  ["kubernetes:Object", "a..b", "the name has characters that are not allowed there"],
  ["kubernetes:Namespace", "a.b", "the name has characters that are not allowed there"],
  ["gcp:ServiceAccount", "short", "the name is 5 characters long"],
  ["kubernetes:Namespace", "", "the name is empty"],
])("%s %j: %s", (kind, name, message) => {
  expect(checkName(kind, name).map((problem) => problem.message)).toEqual([message]);
  expect(() => physicalName(kind, name)).toThrow(InputError);
});

test.each<[NameKind, string]>([
  ["kubernetes:Object", "prometheus.v1.example"],
  ["kubernetes:LabelValue", "v1.2_3"],
  ["kubernetes:LabelValue", ""],
  ["kubernetes:Port", "http-metrics"],
  ["aws:LoadBalancer", "Voidkey-Internal"],
  ["aws:IamRole", "voidkey@us-east-1"],
  ["aws:Secret", "voidkey/broker"],
  ["aws:S3Bucket", "materi-backups"],
  ["aws:SecurityGroup", "shield database (prod)"],
  ["gcp:Secret", "JWT_private-key"],
])("%s accepts %j", (kind, name) => {
  expect(physicalName(kind, name)).toBe(name);
});

test("a hash is the beginning of the SHA-256", () => {
  expect(shortHash("abc")).toBe("ba7816bf");
  expect(shortHash("abc", 12)).toBe("ba7816bf8f01");
  expect(() => shortHash("abc", 0)).toThrow(InputError);
  expect(() => shortHash("abc", 65)).toThrow(InputError);
});

test("content has one hash, however its members are ordered", () => {
  const hash = contentHash({ b: [1, { y: null, x: "2" }], a: true });
  expect(hash).toBe(shortHash('{"a":true,"b":[1,{"x":"2","y":null}]}'));
  expect(contentHash({ a: true, b: [1, { x: "2", y: null }] })).toBe(hash);
  expect(contentHash({ a: true, c: undefined, b: [1, { x: "2", y: null }] })).toBe(hash);
  expect(contentHash({ b: [{ y: null, x: "2" }, 1], a: true })).not.toBe(hash);
});
