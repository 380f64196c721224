import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repository } from "./proofs/objects.ts";
import { PulumiProject, type Step } from "./pulumi/project.ts";
import { hasReplacementRules, replacingProperties } from "./standIns/replacements.ts";

type Inputs = Record<string, unknown>;

/** A resource, a change that makes another one, and a change that does not. */
interface Case {
  type: string;
  inputs: Inputs;
  replacing: Inputs;
  inPlace: Inputs;
}

const settings = {
  tier: "db-custom-2-7680",
  diskSize: 20,
  ipConfiguration: { privateNetwork: "projects/p/global/networks/n" },
};
const cases: Case[] = [
  {
    type: "gcp:sql/databaseInstance:DatabaseInstance",
    inputs: { region: "us-central1", databaseVersion: "POSTGRES_15", settings },
    replacing: { region: "europe-west1" },
    inPlace: { databaseVersion: "POSTGRES_16", settings: { ...settings, tier: "db-custom-4-15360", diskSize: 30 } },
  },
  {
    type: "gcp:sql/database:Database",
    inputs: { name: "identity", instance: "identity-db", charset: "UTF8" },
    replacing: { name: "another" },
    inPlace: { charset: "UTF16" },
  },
  {
    type: "gcp:sql/user:User",
    inputs: { name: "identity", instance: "identity-db", password: "one" },
    replacing: { name: "another" },
    inPlace: { password: "two" },
  },
  {
    type: "gcp:compute/network:Network",
    inputs: { name: "identity", autoCreateSubnetworks: false, routingMode: "REGIONAL" },
    replacing: { name: "another" },
    inPlace: { routingMode: "GLOBAL" },
  },
  {
    type: "gcp:compute/globalAddress:GlobalAddress",
    inputs: { name: "services", prefixLength: 16, labels: { a: "b" } },
    replacing: { prefixLength: 20 },
    inPlace: { labels: { a: "c" } },
  },
  {
    type: "gcp:compute/firewall:Firewall",
    inputs: { name: "deny", direction: "EGRESS", priority: 1000 },
    replacing: { direction: "INGRESS" },
    inPlace: { priority: 900 },
  },
  {
    type: "gcp:vpcaccess/connector:Connector",
    inputs: { name: "identity", ipCidrRange: "10.8.0.0/28", minInstances: 2, maxInstances: 3 },
    replacing: { maxInstances: 2 },
    inPlace: { maxInstances: 4 },
  },
  {
    type: "gcp:redis/instance:Instance",
    inputs: { name: "identity", tier: "BASIC", memorySizeGb: 1, redisVersion: "REDIS_7_0" },
    replacing: { tier: "STANDARD_HA" },
    inPlace: { memorySizeGb: 2, redisVersion: "REDIS_7_2" },
  },
  {
    type: "gcp:serviceaccount/account:Account",
    inputs: { accountId: "identity", displayName: "Identity" },
    replacing: { accountId: "another" },
    inPlace: { displayName: "Another" },
  },
  {
    type: "gcp:secretmanager/secret:Secret",
    inputs: { secretId: "key", replication: { userManaged: { replicas: [{ location: "us-central1" }] } } },
    replacing: { replication: { userManaged: { replicas: [{ location: "us-east1" }] } } },
    inPlace: {
      replication: {
        userManaged: {
          replicas: [{ location: "us-central1", customerManagedEncryption: { kmsKeyName: "projects/p/key" } }],
        },
      },
    },
  },
  {
    type: "gcp:secretmanager/secretVersion:SecretVersion",
    inputs: { secret: "projects/p/secrets/key", secretData: "one", enabled: true },
    replacing: { secretData: "two" },
    inPlace: { enabled: false },
  },
  {
    type: "gcp:projects/iAMMember:IAMMember",
    inputs: { project: "p", role: "roles/viewer", member: "user:a@example.com", condition: { title: "a" } },
    replacing: { condition: { title: "b" } },
    inPlace: {},
  },
  {
    type: "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    inputs: { displayName: "up", period: "60s", httpCheck: { path: "/", requestMethod: "GET" } },
    replacing: { httpCheck: { path: "/", requestMethod: "POST" } },
    inPlace: { period: "300s", httpCheck: { path: "/ready", requestMethod: "GET" } },
  },
  {
    type: "gcp:cloudrunv2/service:Service",
    inputs: { name: "identity", location: "us-central1", template: { containers: [{ image: "a" }] } },
    replacing: { location: "europe-west1" },
    inPlace: { template: { containers: [{ image: "b" }] } },
  },
  {
    type: "random:index/randomPassword:RandomPassword",
    inputs: { length: 20 },
    replacing: { length: 24 },
    inPlace: {},
  },
];

describe("a change makes another resource where the provider's schema says so, and nowhere else", () => {
  let project: PulumiProject;
  const stack = "test";

  beforeAll(async () => {
    const source = join(import.meta.dirname, "replacements/program");
    project = await PulumiProject.create({ source, files: readdirSync(source) });
    await project.init(stack);
    given(() => ({}));
    expect(await project.up(stack)).toMatchObject({ status: 0 });
  });
  afterAll(async () => {
    await project.remove();
  });

  /** Gives every resource its inputs with a change. */
  function given(change: (own: Case) => Inputs): void {
    const resources = cases.map((own) => [own.type, { ...own.inputs, ...change(own) }]);
    project.edit("resources.json", () => JSON.stringify(Object.fromEntries(resources)));
  }

  it("what replaces", async () => {
    given(({ replacing }) => replacing);
    const { steps } = await project.preview(stack);
    expect(operations(steps)).toEqual(Object.fromEntries(cases.map(({ type }) => [type, "replace"])));
  });

  it("what is changed in place", async () => {
    given(({ inPlace }) => inPlace);
    const { steps } = await project.preview(stack);
    const changed = cases.filter(({ inPlace }) => Object.keys(inPlace).length > 0);
    expect(operations(steps)).toEqual(Object.fromEntries(changed.map(({ type }) => [type, "update"])));
  });

  it("what only one direction of a change replaces", async () => {
    const smaller: Record<string, Inputs> = {
      "gcp:sql/databaseInstance:DatabaseInstance": { settings: { ...settings, diskSize: 10 } },
      "gcp:redis/instance:Instance": { redisVersion: "REDIS_5_0" },
      "gcp:vpcaccess/connector:Connector": { minInstances: 3 },
    };
    given(({ type }) => smaller[type] ?? {});
    expect(operations((await project.preview(stack)).steps)).toEqual({
      "gcp:sql/databaseInstance:DatabaseInstance": "replace",
      "gcp:redis/instance:Instance": "replace",
      "gcp:vpcaccess/connector:Connector": "update",
    });
  });
});

describe("the rules", () => {
  const folder = join(repository, "test/stacks/urns");
  const lists = readdirSync(folder);
  const types = lists
    .flatMap((list) => readFileSync(join(folder, list), "utf8").split("\n"))
    .map((urn) => urn.split("::")[2]?.split("$").at(-1) ?? "")
    .filter((type) => /^(gcp|aws|random):/.test(type));
  const registered = [...new Set(types)].sort();

  it("say of every type that a stack registers what replaces it, or that nothing does", () => {
    const stacks = readdirSync(join(repository, "stacks")).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    expect(lists).toHaveLength(stacks.length);
    expect(registered.length).toBeGreaterThan(20);
    expect(registered.filter((type) => !hasReplacementRules(type))).toEqual([]);
  });

  it("speak of properties that the types have", () => {
    const unknown = registered.flatMap((type) => {
      const properties = propertiesOf(type);
      const rules = replacingProperties(type).filter((path) => !properties.includes(path.split(".")[0]));
      return properties.length === 0 ? [`${type} has no properties`] : rules.map((path) => `${type} ${path}`);
    });
    expect(unknown).toEqual([]);
  });
});

/** The properties that a resource of the SDK takes. */
function propertiesOf(type: string): (string | undefined)[] {
  const [packageName = "", path = ""] = type.split(":");
  const [module = "", name = ""] = path.split("/");
  const folder = join(repository, "node_modules/@pulumi", packageName, module === "index" ? "" : module);
  // The SDK writes some of its files' names in other letters: iamMember.d.ts of iAMMember.
  const file = readdirSync(folder).find((entry) => entry.toLowerCase() === `${name}.d.ts`.toLowerCase()) ?? "";
  const declarations = readFileSync(join(folder, file), "utf8");
  const args = declarations.split(/^export interface \w+Args /m)[1] ?? "";
  return [...args.matchAll(/^ {4}(\w+)\??: pulumi\.Input</gm)].map(([, property]) => property);
}

/** What a preview does with each type: replaces or updates it. */
function operations(steps: Step[]): Record<string, string> {
  const own = steps.filter(({ op, type }) => ["replace", "update"].includes(op) && !type.startsWith("pulumi:"));
  return Object.fromEntries(own.map(({ type, op }) => [type, op]));
}
