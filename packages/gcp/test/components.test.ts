import {
  AlertPolicies,
  ArtifactRegistry,
  AuditLog,
  CloudRunJob,
  CloudRunService,
  type CloudRunServiceArgs,
  CloudSqlDb,
  type CloudSqlDbArgs,
  type Endpoint,
  external,
  Ingress,
  internet,
  MemorystoreRedis,
  NotificationChannels,
  PrivateNetwork,
  type PrivateNetworkArgs,
  ProjectServices,
  type PromQlPolicyArgs,
  SecretBundle,
  ServiceIdentity,
  UptimeCheck,
  type UptimeCheckArgs,
  VpcAccessKind,
} from "@gatehouse/gcp";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

const registered = new Map<string, unknown>();

/** What the cloud answers about a resource. */
function computed(type: string, name: string): object {
  if (type !== "gcp:sql/databaseInstance:DatabaseInstance") return {};
  return { connectionName: `shop-prod:europe-west1:${name}`, privateIpAddress: "10.40.0.3" };
}

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ name, type, inputs }) => {
      registered.set(name, inputs);
      return { id: name, state: { ...(inputs as object), ...computed(type, name) } };
    },
    call: () => ({}),
  });
});

const project = "shop-prod";
const place = { project, region: "europe-west1" };
const existingNetwork = "projects/shop-prod/global/networks/shop";
const image = "europe-west1-docker.pkg.dev/shop-prod/shop/orders:1.4.2";

const postgres: CloudSqlDbArgs = {
  ...place,
  network: existingNetwork,
  databaseVersion: "POSTGRES_15",
  tier: "db-g1-small",
  databaseName: "orders",
  userName: "orders",
};

const network = (args: Partial<PrivateNetworkArgs>) => () => new PrivateNetwork("shop", { ...place, ...args });
const service = (args: Partial<CloudRunServiceArgs>) => () =>
  new CloudRunService("orders", { ...place, image, ...args });
const uptime = (args: Partial<UptimeCheckArgs>) => () =>
  new UptimeCheck("orders", { project, host: "orders.example.com", path: "/health", ...args });
const roles = (role: string) => () => new ServiceIdentity("orders", { project, roles: [role] });

const policy: PromQlPolicyArgs = {
  name: "OrdersDown",
  query: "absent(up)",
  durationSeconds: 0,
  evaluationSeconds: 60,
  summary: "Orders are down",
  description: "Nobody can order.",
  runbookUrl: "https://runbooks.example/orders",
  labels: {},
};

describe("what would fail only once deployed", () => {
  test.each<[string, () => unknown, string]>([
    [
      "an API that is none",
      () => new ProjectServices("p", { project, services: ["run"] }),
      "p (ProjectServices).services: not the name of an API",
    ],
    [
      "an API twice",
      () => new ProjectServices("p", { project, services: ["run.googleapis.com", "run.googleapis.com"] }),
      "p (ProjectServices).services: the API is named twice",
    ],
    [
      "a network's self link",
      network({ existingNetwork: "default" }),
      "shop (PrivateNetwork).existingNetwork: not the id of a network",
    ],
    [
      "a connection in a network to come",
      network({ existingServicesCidr: "10.40.0.0/20" }),
      "shop (PrivateNetwork).existingServicesCidr: existingServicesCidr is set without existingNetwork",
    ],
    [
      "a connection's range that is too small",
      network({ existingNetwork, existingServicesCidr: "10.40.0.0/28" }),
      "shop (PrivateNetwork).existingServicesCidr: the range is the wrong size",
    ],
    [
      "a connector's range",
      network({ connectorCidr: "10.8.0.0/24" }),
      "shop (PrivateNetwork).connectorCidr: the range is the wrong size",
    ],
    [
      "a subnet that is too small for direct egress",
      network({ access: VpcAccessKind.Direct, subnetCidr: "10.8.1.0/27" }),
      "shop (PrivateNetwork).subnetCidr: the range is the wrong size",
    ],
    [
      "a range that Cloud SQL refuses",
      network({ servicesPrefixLength: 28 }),
      "shop (PrivateNetwork).servicesPrefixLength: not the length of a prefix",
    ],
    ["a port", network({ servicePorts: [0] }), "shop (PrivateNetwork).servicePorts: not a port number"],
    [
      "a connector's name",
      network({ connectorName: "c".repeat(26) }),
      "shop (PrivateNetwork).connectorName: the name is 26 characters long",
    ],
    [
      "more instances than the most",
      service({ minInstances: 11 }),
      "orders (CloudRunService).minInstances: minInstances is greater than maxInstances",
    ],
    [
      "an image that is not pinned",
      service({ image: "shop/orders" }),
      "orders (CloudRunService).image: the image is not pinned",
    ],
    [
      "a timeout",
      service({ timeoutSeconds: 3601 }),
      "orders (CloudRunService).timeoutSeconds: not a number of seconds",
    ],
    [
      "concurrency without a CPU",
      service({ cpu: "0.5", concurrency: 80 }),
      "orders (CloudRunService).concurrency: an instance with less than one CPU takes one request at a time",
    ],
    [
      "a job's attempt",
      () => new CloudRunJob("m", { ...place, image, attempt: 0 }),
      "m (CloudRunJob).attempt: not an attempt number",
    ],
    [
      "a period of an uptime check",
      uptime({ periodSeconds: 30 }),
      "orders (UptimeCheck).periodSeconds: Cloud Monitoring does not offer this period",
    ],
    [
      "a timeout of an uptime check",
      uptime({ timeoutSeconds: 61 }),
      "orders (UptimeCheck).timeoutSeconds: not a number of seconds",
    ],
    [
      "an uptime check of what is internal",
      uptime({ ingress: Ingress.Internal }),
      "orders (UptimeCheck).ingress: uptime checks come from the internet, and the service does not take requests from there",
    ],
    [
      "a version of Redis",
      () => new MemorystoreRedis("r", { ...place, network: existingNetwork, redisVersion: "7.2" }),
      "r (MemorystoreRedis).redisVersion: not a version of Redis",
    ],
    [
      "a name of Redis",
      () => new MemorystoreRedis("r", { ...place, network: existingNetwork, instanceName: "Sessions" }),
      "r (MemorystoreRedis).instanceName: the name has characters that are not allowed there",
    ],
    [
      "a password's secret without a password",
      () => new MemorystoreRedis("r", { ...place, network: existingNetwork, auth: false, passwordSecret: "p" }),
      "r (MemorystoreRedis).passwordSecret: passwordSecret has no effect because auth is false",
    ],
    [
      "a variable for certificates without TLS",
      () => new MemorystoreRedis("r", { ...place, network: existingNetwork, tls: false, caVariable: "CA" }),
      "r (MemorystoreRedis).caVariable: caVariable has no effect because tls is false",
    ],
    [
      "a connector's range without a connector",
      network({ access: VpcAccessKind.Direct, connectorCidr: "10.8.0.0/28" }),
      "shop (PrivateNetwork).connectorCidr: connectorCidr has no effect because access is direct",
    ],
    [
      "a subnet's range without a subnet",
      network({ subnetCidr: "10.8.1.0/24" }),
      "shop (PrivateNetwork).subnetCidr: subnetCidr has no effect because access is connector",
    ],
    [
      "the size of a range that exists",
      network({ existingNetwork, existingServicesCidr: "10.40.0.0/20", servicesPrefixLength: 20 }),
      "shop (PrivateNetwork).servicesPrefixLength: servicesPrefixLength has no effect because existingServicesCidr is set",
    ],
    [
      "tags on a connector",
      service({ vpcAccess: { connector: "c", tags: ["t"] } }),
      "orders (CloudRunService).vpcAccess.tags: tags has no effect because a connector has a network and tags of its own",
    ],
    ["a kilobyte for a service", service({ memory: "512m" }), "orders (CloudRunService).memory: "],
    [
      "an interval at which nothing is evaluated",
      () =>
        new AlertPolicies("a", { project, policies: [{ ...policy, evaluationSeconds: 45 }], notificationChannels: [] }),
      "a (AlertPolicies).policies.OrdersDown.evaluationSeconds: Cloud Monitoring cannot evaluate an alert at this interval",
    ],
    [
      "nobody to tell",
      () => new NotificationChannels("n", { project }),
      "n (NotificationChannels): there is no channel, so alerts notify nobody",
    ],
    [
      "an e-mail address",
      () => new NotificationChannels("n", { project, emails: ["orders"] }),
      "n (NotificationChannels).emails: not an e-mail address",
    ],
    [
      "two alerts of one name",
      () => new AlertPolicies("a", { project, policies: [policy, policy], notificationChannels: [] }),
      "a (AlertPolicies).policies: two alerts have the same name",
    ],
    [
      "two secrets of one id",
      () =>
        new SecretBundle("s", {
          project,
          secrets: { a: { versions: [{ value: "x" }] }, b: { secretId: "a", versions: [{ value: "y" }] } },
        }),
      "s (SecretBundle).secrets: two secrets have the same id",
    ],
    [
      "an empty secret",
      () => new SecretBundle("s", { project, secrets: { a: { versions: [{ value: "" }] } } }),
      "s (SecretBundle).secrets.a.versions: the value is empty",
    ],
    [
      "a repository that keeps nothing",
      () => new ArtifactRegistry("r", { ...place, keepLatest: 0 }),
      "r (ArtifactRegistry).keepLatest: not a number of images",
    ],
    ["a basic role", roles("roles/editor"), "orders (ServiceIdentity).roles: the role reaches too far"],
    [
      "a role that administers",
      roles("roles/cloudsql.admin"),
      "orders (ServiceIdentity).roles: the role reaches too far",
    ],
    [
      "a role over all accounts",
      roles("roles/iam.serviceAccountUser"),
      "orders (ServiceIdentity).roles: the role reaches too far",
    ],
    ["no role", roles("cloudsql.client"), "orders (ServiceIdentity).roles: not the name of a role"],
  ])("%s is an error", (_, create, expected) => {
    expect(create).toThrow(expected);
  });
});

test("names that follow from the component's are shortened to what the service accepts", async () => {
  const long = "a-service-with-a-name-of-more-than-fifty-characters-in-all";
  const { serviceName } = new CloudRunService(long, { ...place, image });
  const name = await new Promise<string>((resolve) => serviceName.apply(resolve));
  expect(name).toHaveLength(49);
  expect(name).toMatch(/^a-service-with-a-name-of-.*-[0-9a-f]{8}$/);
});

test("a database's endpoint carries its variables under the prefix that was asked for", () => {
  const { endpoint } = new CloudSqlDb("orders-db", {
    ...place,
    network: existingNetwork,
    databaseVersion: "POSTGRES_15",
    tier: "db-g1-small",
    databaseName: "orders",
    userName: "orders",
    variablePrefix: "ORDERS_DB",
  });
  expect(Object.keys(endpoint.environment?.values ?? {})).toEqual([
    "ORDERS_DB_HOST",
    "ORDERS_DB_PORT",
    "ORDERS_DB_DB",
    "ORDERS_DB_USER",
  ]);
  expect(Object.keys(endpoint.environment?.secrets ?? {})).toEqual(["ORDERS_DB_PASSWORD"]);
});

/** An Output's value. */
function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** What was registered under a name. */
const inputsOf = (name: string): unknown => registered.get(name);

test("a service has one instance ready for requests, and ten at most, unless it is told otherwise", async () => {
  await known(new CloudRunService("ready", { ...place, image }).url);
  expect(inputsOf("ready")).toMatchObject({ template: { scaling: { minInstanceCount: 1, maxInstanceCount: 10 } } });
  expect(service({ maxInstances: 0 })).toThrow("orders (CloudRunService).maxInstances: not a number of instances");
});

test.each([
  [undefined, true],
  [false, false],
])("with deletion protection %s, backups outlive the instance: %s", async (deletionProtection, retained) => {
  const name = `kept-${String(retained)}`;
  await known(new CloudSqlDb(name, { ...postgres, deletionProtection }).instanceName);
  expect(inputsOf(name)).toMatchObject({
    deletionProtection: retained,
    settings: { deletionProtectionEnabled: retained, retainBackupsOnDelete: retained },
  });
});

describe("a server that Cloud Run cannot reach", () => {
  const selector = { namespace: "shop" };
  test.each<[Endpoint, string]>([
    [{ name: "cache", port: 6379, pods: selector }, "cache, which has only pods"],
    [{ name: "cache", port: 6379, securityGroup: { id: "sg-1" } }, "cache, which has only a security group"],
    [{ name: "cache", port: 6379 }, "cache, which has no address"],
  ])("%o is an error", (endpoint, value) => {
    expect(service({ connectsTo: [endpoint] })).toThrow(
      `orders (CloudRunService).connectsTo: Cloud Run cannot reach the server\n  value:    ${value}\n`,
    );
  });

  test("needs a way into the network only at a private address", () => {
    expect(
      service({ connectsTo: [external("warehouse", 443, ["203.0.113.0/24"]), internet("mail", 587)] }),
    ).not.toThrow();
    expect(service({ connectsTo: [external("warehouse", 443, ["10.20.0.0/16"])] })).toThrow(
      "orders (CloudRunService).vpcAccess: there is no way to the private addresses of the servers in connectsTo",
    );
  });
});

test("a bundle's secret is named by a key that it has", () => {
  const bundle = new SecretBundle("keys", {
    project,
    secrets: { "api-key": { versions: [{ value: "x", enabled: false }, { value: "y" }] } },
  });
  expect(bundle.ref("api-key")).toBe(bundle.version("api-key", 2));
  expect(() => bundle.ref("api-kye")).toThrow(
    'the bundle has no such secret\n  value:    api-kye\n  expected: api-key\n  fix:      did you mean "api-key"?',
  );
  expect(() => bundle.version("api-key", 3)).toThrow(
    "the secret has no such version\n  value:    3\n  expected: 1 to 2",
  );
});

test("a database's endpoint is its socket for Cloud Run, and its address for everything else", async () => {
  const { endpoint } = new CloudSqlDb("both", postgres);
  const { name, port, addresses = [], cloudSql, environment } = endpoint;
  expect([name, port]).toEqual(["both", 5432]);
  expect(await known(pulumi.output(addresses))).toEqual([{ cidr: "10.40.0.3/32" }]);
  expect(await known(pulumi.output(environment?.values ?? {}))).toMatchObject({
    POSTGRES_HOST: "10.40.0.3",
    POSTGRES_PORT: "5432",
  });
  expect(await known(pulumi.output(cloudSql ?? {}))).toEqual({
    connectionName: "shop-prod:europe-west1:both",
    environment: { values: { POSTGRES_HOST: "/cloudsql/shop-prod:europe-west1:both" } },
  });
});

test("audit logs stay on when the stack is destroyed", async () => {
  const options = new Map<string, pulumi.ResourceOptions>();
  new AuditLog(
    "audit",
    { project, services: ["secretmanager.googleapis.com"] },
    {
      transformations: [({ name, opts }) => void options.set(name, opts)],
    },
  );
  await Promise.resolve();
  expect(options.get("audit-secretmanager")?.retainOnDelete).toBe(true);
});
