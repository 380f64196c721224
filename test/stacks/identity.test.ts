import type { Resource, Value } from "@gatehouse/preview";
import { beforeAll, describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { at, recordStack, type StackRecord } from "./support/record.ts";

let prod: StackRecord;
beforeAll(async () => {
  prod = await recordStack("identity-prod");
});

/** The one resource of a type, `sql:DatabaseInstance`, and of a logical name if there are several. */
function find({ graph }: StackRecord, type: string, name?: string): Resource {
  const [service = "", kind = ""] = type.split(":");
  const found = graph.resources.filter(
    (one) => one.type.startsWith(`gcp:${service}/`) && one.type.endsWith(`:${kind}`) && (name ?? one.name) === one.name,
  );
  expect(
    found.map((one) => one.name),
    type,
  ).toHaveLength(1);
  return found[0] as Resource;
}

function all({ graph }: StackRecord, type: string): Resource[] {
  const [service = "", kind = ""] = type.split(":");
  return graph.resources.filter((one) => one.type.startsWith(`gcp:${service}/`) && one.type.endsWith(`:${kind}`));
}

const value = (type: string, path: string, name?: string): Value | undefined => at(find(prod, type, name).inputs, path);

/** Logical names of what an unknown value comes from. */
function origins(unknown: Value | undefined): string[] {
  const urns = at(unknown ?? null, "$unknown") as string[] | undefined;
  expect(urns).toBeInstanceOf(Array);
  return (urns ?? []).map((urn) => urn.slice(urn.lastIndexOf("::") + 2)).sort();
}

/** A container's variables: plain values, what unknown ones come from, and of secrets the id and what they wait for. */
function variables(container: Value | undefined): Record<string, unknown> {
  const list = at(container ?? null, "envs") as Value[];
  return Object.fromEntries(
    list.map((one) => {
      const secret = at(one, "valueSource.secretKeyRef");
      const plain = at(one, "value");
      if (secret !== undefined)
        return [at(one, "name"), { secret: at(secret, "secret"), version: origins(at(secret, "version")) }];
      return [at(one, "name"), typeof plain === "string" ? plain : origins(plain)];
    }) as [string, unknown][],
  );
}

const service = (path: string): Value | undefined => value("cloudrunv2:Service", path);
const container = (path: string): Value | undefined => service(`template.containers.0.${path}`);
const job = (path: string): Value | undefined => value("cloudrunv2:Job", path);
const instance = (path: string): Value | undefined => value("sql:DatabaseInstance", path);
const redis = (path: string): Value | undefined => value("redis:Instance", path);

function flags(): Record<string, Value | undefined> {
  const list = instance("settings.databaseFlags") as Value[];
  return Object.fromEntries(list.map((flag) => [at(flag, "name"), at(flag, "value")] as [string, Value | undefined]));
}

describe("Prerequisites", () => {
  test("the five APIs, and those that the steps need without saying so", () => {
    expect(all(prod, "projects:Service").map(({ inputs }) => inputs.service)).toEqual([
      "artifactregistry.googleapis.com",
      "cloudresourcemanager.googleapis.com",
      "compute.googleapis.com",
      "containerscanning.googleapis.com",
      "iam.googleapis.com",
      "monitoring.googleapis.com",
      "redis.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
      "servicenetworking.googleapis.com",
      "sqladmin.googleapis.com",
      "vpcaccess.googleapis.com",
    ]);
  });

  test("they stay enabled when the stack goes", () => {
    for (const { inputs } of all(prod, "projects:Service"))
      expect(inputs).toMatchObject({ disableOnDestroy: false, disableDependentServices: false });
  });
});

describe("Step 1: Cloud SQL", () => {
  test("the instance's name, with a suffix since a deleted one stays taken", () => {
    expect(origins(instance("name"))).toEqual(["identity-db-suffix"]);
    const suffix = prod.graph.resources.find(({ name }) => name === "identity-db-suffix");
    expect(suffix?.inputs).toEqual({ byteLength: 2, keepers: { region: "us-central1" } });
  });

  test("region, version, edition, and a machine that holds the pools", () => {
    expect(instance("region")).toBe("us-central1");
    expect(instance("databaseVersion")).toBe("POSTGRES_15");
    expect(instance("settings.edition")).toBe("ENTERPRISE");
    expect(instance("settings.tier")).toBe("db-custom-2-7680");
    expect(flags().max_connections).toBe("400");
  });

  test("10 GB of SSD that grow, and are not made small again", () => {
    expect(instance("settings.diskSize")).toBe(10);
    expect(instance("settings.diskType")).toBe("PD_SSD");
    expect(instance("settings.diskAutoresize")).toBe(true);
    expect(find(prod, "sql:DatabaseInstance").options.ignoreChanges).toEqual(["settings.diskSize"]);
  });

  test("backup at 02:00, recovery to a point in time, a standby", () => {
    expect(instance("settings.backupConfiguration")).toEqual({
      enabled: true,
      startTime: "02:00",
      pointInTimeRecoveryEnabled: true,
      transactionLogRetentionDays: 7,
      backupRetentionSettings: { retainedBackups: 7, retentionUnit: "COUNT" },
    });
    expect(instance("settings.availabilityType")).toBe("REGIONAL");
  });

  test("maintenance on Sunday at 03:00", () => {
    expect(instance("settings.maintenanceWindow")).toEqual({ day: 7, hour: 3, updateTrack: "stable" });
  });

  test("encrypted connections with a certificate, as require-ssl was; no public address", () => {
    expect(instance("settings.ipConfiguration.sslMode")).toBe("TRUSTED_CLIENT_CERTIFICATE_REQUIRED");
    expect(instance("settings.ipConfiguration.ipv4Enabled")).toBe(false);
    expect(origins(instance("settings.ipConfiguration.privateNetwork"))).toEqual(["identity", "identity-services"]);
  });

  test("one switch protects it from deletion by Pulumi and by everybody else", async () => {
    expect(instance("deletionProtection")).toBe(true);
    expect(instance("settings.deletionProtectionEnabled")).toBe(true);
    const dev = find(await recordStack("identity-dev"), "sql:DatabaseInstance").inputs;
    expect(dev.deletionProtection).toBe(false);
    expect(at(dev, "settings.deletionProtectionEnabled")).toBe(false);
  });

  test("a destroy stops at it, at Redis and at the service before it has deleted anything", async () => {
    const types = ["sql:DatabaseInstance", "redis:Instance", "cloudrunv2:Service"];
    const dev = await recordStack("identity-dev");
    for (const type of types) {
      expect(find(prod, type).options.protect, type).toBe(true);
      expect(find(dev, type).options.protect, type).toBeUndefined();
    }
  });

  test("database, user, and a password that a URL can hold", () => {
    expect(value("sql:Database", "name")).toBe("identity_service");
    expect(value("sql:User", "name")).toBe("identity_user");
    expect(value("sql:User", "deletionPolicy")).toBe("ABANDON");
    expect(value("sql:User", "password")).toEqual({ $secret: null });
    const password = prod.graph.resources.find(({ type }) => type === "random:index/randomPassword:RandomPassword");
    expect(password?.inputs).toEqual({ length: 32, special: false });
  });
});

describe("Step 2: MemoryStore", () => {
  test("name, size, version; standard in place of basic", () => {
    expect(find(prod, "redis:Instance").inputs).toMatchObject({
      name: "af-identity-redis",
      region: "us-central1",
      memorySizeGb: 1,
      redisVersion: "REDIS_7_0",
      tier: "STANDARD_HA",
    });
  });

  test("TLS, password, private address", () => {
    expect(redis("transitEncryptionMode")).toBe("SERVER_AUTHENTICATION");
    expect(redis("authEnabled")).toBe(true);
    expect(redis("connectMode")).toBe("PRIVATE_SERVICE_ACCESS");
    expect(redis("deletionProtection")).toBe(true);
  });
});

describe("Step 3: Secret Manager", () => {
  test("the five secrets, and Redis' password", () => {
    expect(
      all(prod, "secretmanager:Secret")
        .map(({ inputs }) => inputs.secretId)
        .sort(),
    ).toEqual([
      "github-client-id",
      "github-client-secret",
      "github-token-enc-key",
      "identity-jwt-secret",
      "postgres-password",
      "redis-password",
    ]);
  });

  test("a JWT secret of 32 bytes in base64, a key of 32 bytes in hexadecimal", () => {
    const bytes = prod.graph.resources.filter(({ type }) => type === "random:index/randomBytes:RandomBytes");
    expect(bytes.map(({ name, inputs }) => [name, inputs.length])).toEqual([
      ["identity-jwt-secret", 32],
      ["identity-token-key-1", 32],
    ]);
  });

  test("one accessor for each secret, and no role over all of them", () => {
    const members = all(prod, "secretmanager:SecretIamMember");
    expect(members.map(({ inputs }) => inputs.role)).toEqual(members.map(() => "roles/secretmanager.secretAccessor"));
    expect(members.map(({ inputs }) => inputs.secretId).sort()).toEqual(
      all(prod, "secretmanager:Secret")
        .map(({ inputs }) => inputs.secretId)
        .sort(),
    );
    for (const { inputs } of members) expect(origins(inputs.member)).toEqual(["identity", "identity-cloudsql-client"]);
    expect(all(prod, "projects:IAMMember").map(({ inputs }) => inputs.role)).toEqual(["roles/cloudsql.client"]);
  });

  test("a dedicated account", () => {
    expect(find(prod, "serviceaccount:Account").inputs).toEqual({
      project: "agent-foundry-prod",
      accountId: "af-identity-service",
      displayName: "AF Identity Service",
    });
  });
});

describe("Step 4: migrations", () => {
  test("command, name, image, account", () => {
    expect(job("name")).toBe("af-identity-migrations");
    expect(job("template.template.containers.0.commands")).toEqual([
      "python",
      "-m",
      "af_identity_service.migrations",
      "migrate",
    ]);
    expect(job("template.template.containers.0.image")).toMatch(
      /^us-central1-docker\.pkg\.dev\/agent-foundry-prod\/af-identity\/af-identity-migrations@sha256:[0-9a-f]{64}$/,
    );
    expect(origins(job("template.template.serviceAccount"))).toEqual(["identity", "identity-cloudsql-client"]);
  });

  test("the database's variables and its socket", () => {
    expect(variables(job("template.template.containers.0"))).toEqual({
      POSTGRES_HOST: ["identity-db"],
      POSTGRES_PORT: "5432",
      POSTGRES_DB: "identity_service",
      POSTGRES_USER: "identity_user",
      POSTGRES_PASSWORD: {
        secret: "postgres-password",
        version: ["identity-db-password-1", "identity-db-password-service"],
      },
    });
    expect(job("template.template.containers.0.volumeMounts")).toEqual([{ name: "cloudsql", mountPath: "/cloudsql" }]);
    expect(origins(job("template.template.volumes.0.cloudSqlInstance.instances.0"))).toEqual(["identity-db"]);
  });

  test("run and waited for, without retries of its own", () => {
    expect(job("runExecutionToken")).toMatch(/^r[0-9a-f]{7}$/);
    expect(job("startExecutionToken")).toBeUndefined();
    expect(job("template.template.maxRetries")).toBe(0);
    expect(job("deletionProtection")).toBe(false);
  });

  test("once for each image and attempt", async () => {
    const image = "us-central1-docker.pkg.dev/agent-foundry-prod/af-identity/af-identity-migrations@sha256:";
    const token = async (migration: object): Promise<Value | undefined> =>
      find(await recordStack("identity-prod", { "identity:migration": JSON.stringify(migration) }), "cloudrunv2:Job")
        .inputs.runExecutionToken;
    const first = await token({ image: image + "a".repeat(64) });
    expect(await token({ image: image + "a".repeat(64), timeoutSeconds: 900 })).toBe(first);
    expect(await token({ image: image + "b".repeat(64) })).not.toBe(first);
    expect(await token({ image: image + "a".repeat(64), attempt: 2 })).not.toBe(first);
  });
});

describe("Step 5: Cloud Run", () => {
  test("the registry: Docker, cleaned, scanned", () => {
    expect(find(prod, "artifactregistry:Repository").inputs).toEqual({
      project: "agent-foundry-prod",
      location: "us-central1",
      repositoryId: "af-identity",
      format: "DOCKER",
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicyDryRun: false,
      cleanupPolicies: [
        { id: "keep-latest", action: "KEEP", mostRecentVersions: { keepCount: 10 } },
        { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "2592000s" } },
      ],
    });
    expect(prod.graph.outputs.images).toBe("us-central1-docker.pkg.dev/agent-foundry-prod/af-identity");
  });

  test("name, region, image by digest, account", () => {
    expect(service("name")).toBe("af-identity-service");
    expect(service("location")).toBe("us-central1");
    expect(container("image")).toMatch(
      /^us-central1-docker\.pkg\.dev\/agent-foundry-prod\/af-identity\/af-identity-service@sha256:[0-9a-f]{64}$/,
    );
    expect(origins(service("template.serviceAccount"))).toEqual(["identity", "identity-cloudsql-client"]);
  });

  test("every variable, and no other", () => {
    const secret = (id: string, resource: string) => ({
      secret: id,
      version: [`${resource}-1`, `${resource}-service`],
    });
    expect(variables(service("template.containers.0"))).toEqual({
      IDENTITY_ENVIRONMENT: "prod",
      POSTGRES_HOST: ["identity-db"],
      POSTGRES_PORT: "5432",
      POSTGRES_DB: "identity_service",
      POSTGRES_USER: "identity_user",
      REDIS_HOST: ["identity-redis"],
      REDIS_PORT: ["identity-redis"],
      REDIS_TLS_ENABLED: "true",
      REDIS_CA_CERT: ["identity-redis"],
      LOG_LEVEL: "INFO",
      LOG_FORMAT: "json",
      IDENTITY_JWT_SECRET: secret("identity-jwt-secret", "identity-jwt-secret"),
      GITHUB_CLIENT_ID: secret("github-client-id", "identity-github-client-id"),
      GITHUB_CLIENT_SECRET: secret("github-client-secret", "identity-github-client-secret"),
      GITHUB_TOKEN_ENC_KEY: {
        secret: "github-token-enc-key",
        version: ["identity-token-key-1", "identity-token-key-service"],
      },
      POSTGRES_PASSWORD: secret("postgres-password", "identity-db-password"),
      REDIS_PASSWORD: secret("redis-password", "identity-redis-password"),
    });
  });

  test("Redis' CA certificates and password under the names that the application is told", async () => {
    const names = { caVariable: "REDIS_TLS_CA", passwordVariable: "REDIS_AUTH" };
    const stack = await recordStack("identity-prod", { "identity:redis": JSON.stringify(names) });
    const all = variables(at(find(stack, "cloudrunv2:Service").inputs, "template.containers.0"));
    expect(all.REDIS_TLS_CA).toEqual(["identity-redis"]);
    expect(all.REDIS_AUTH).toMatchObject({ secret: "redis-password" });
    expect(all).not.toHaveProperty("REDIS_CA_CERT");
    expect(all).not.toHaveProperty("REDIS_PASSWORD");
  });

  test("instances, memory, CPU, timeout, concurrency", () => {
    expect(service("template.scaling")).toEqual({ minInstanceCount: 1, maxInstanceCount: 10 });
    expect(container("resources")).toEqual({
      limits: { cpu: "1", memory: "512Mi" },
      cpuIdle: true,
      startupCpuBoost: true,
    });
    expect(service("template.timeout")).toBe("60s");
    expect(service("template.maxInstanceRequestConcurrency")).toBe(80);
    expect(service("template.executionEnvironment")).toBe("EXECUTION_ENVIRONMENT_GEN2");
    expect(service("deletionProtection")).toBe(true);
  });

  test("/healthz tells when it has started; liveness asks neither database nor Redis", () => {
    expect(container("startupProbe")).toEqual({
      httpGet: { path: "/healthz", port: 8080 },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 12,
    });
    expect(container("livenessProbe")).toEqual({
      tcpSocket: { port: 8080 },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
  });

  test("public, by a grant to everybody", () => {
    expect(service("ingress")).toBe("INGRESS_TRAFFIC_ALL");
    expect(service("invokerIamDisabled")).toBe(false);
    expect(find(prod, "cloudrunv2:ServiceIamMember").inputs).toMatchObject({
      name: "af-identity-service",
      role: "roles/run.invoker",
      member: "allUsers",
    });
  });

  test.each([
    ["invokerCheckDisabled", true],
    ["none", false],
  ])("public access %s makes no grant", async (publicAccess, disabled) => {
    const stack = await recordStack("identity-prod", { "identity:publicAccess": publicAccess });
    expect(all(stack, "cloudrunv2:ServiceIamMember")).toEqual([]);
    expect(find(stack, "cloudrunv2:Service").inputs.invokerIamDisabled).toBe(disabled);
  });
});

describe("VPC connector", () => {
  test("10.8.0.0/28, and private ranges only", () => {
    expect(find(prod, "vpcaccess:Connector").inputs).toMatchObject({
      name: "af-identity-connector",
      region: "us-central1",
      ipCidrRange: "10.8.0.0/28",
      minInstances: 2,
      maxInstances: 3,
    });
    expect(origins(service("template.vpcAccess.connector"))).toEqual(["identity-connector"]);
    expect(service("template.vpcAccess.egress")).toBe("PRIVATE_RANGES_ONLY");
    expect(origins(job("template.template.vpcAccess.connector"))).toEqual(["identity-connector"]);
  });

  test("a range and a connection for Google's services, which the guide leaves out", () => {
    expect(find(prod, "compute:GlobalAddress").inputs).toMatchObject({
      purpose: "VPC_PEERING",
      addressType: "INTERNAL",
      prefixLength: 20,
    });
    expect(find(prod, "servicenetworking:Connection").inputs).toMatchObject({
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: ["af-identity-services"],
      deletionPolicy: "ABANDON",
    });
  });

  test("direct egress in its place: a subnet, and the same rules by its tag", async () => {
    const stack = await recordStack("identity-prod", { "identity:network": JSON.stringify({ access: "direct" }) });
    expect(all(stack, "vpcaccess:Connector")).toEqual([]);
    expect(find(stack, "compute:Subnetwork").inputs).toMatchObject({
      name: "af-identity-run",
      ipCidrRange: "10.8.1.0/24",
      privateIpGoogleAccess: true,
    });
    const access = at(find(stack, "cloudrunv2:Service").inputs, "template.vpcAccess") ?? null;
    expect(at(access, "connector")).toBeUndefined();
    expect(at(access, "networkInterfaces.0.tags")).toEqual(["af-identity-run"]);
    expect(all(stack, "compute:Firewall").map(({ name, inputs }) => [name, inputs.targetTags])).toEqual([
      ["identity-egress-deny", ["af-identity-run"]],
      ["identity-egress-services", ["af-identity-run"]],
    ]);
  });

  test("a network and connection that exist already are used as they are", async () => {
    const existing = "projects/agent-foundry-prod/global/networks/default";
    const network = JSON.stringify({ existing, existingServicesCidr: "10.40.0.0/20" });
    const stack = await recordStack("identity-prod", { "identity:network": network });
    for (const type of ["compute:Network", "compute:GlobalAddress", "servicenetworking:Connection"])
      expect(all(stack, type)).toEqual([]);
    expect(at(find(stack, "sql:DatabaseInstance").inputs, "settings.ipConfiguration.privateNetwork")).toBe(existing);
    expect(find(stack, "redis:Instance").inputs.authorizedNetwork).toBe(existing);
    expect(find(stack, "vpcaccess:Connector").inputs.network).toBe("default");
    const rule = find(stack, "compute:Firewall", "identity-egress-services").inputs;
    expect(rule).toMatchObject({ network: existing, destinationRanges: ["10.40.0.0/20"] });
  });
});

describe("Network Security and audit", () => {
  test("containers reach the services' addresses at three ports, and nothing else in the network", () => {
    const rules = all(prod, "compute:Firewall").map(({ inputs }) => inputs);
    const tags = ["vpc-connector-us-central1-af-identity-connector"];
    expect(rules.map(({ name, direction, priority, targetTags }) => [name, direction, priority, targetTags])).toEqual([
      ["af-identity-egress-deny", "EGRESS", 65_000, tags],
      ["af-identity-egress-serverless", "EGRESS", 1000, tags],
      ["af-identity-egress-services", "EGRESS", 1000, tags],
    ]);
    expect(rules[0]).toMatchObject({ denies: [{ protocol: "all" }], destinationRanges: ["0.0.0.0/0"] });
    expect(rules[2]?.allows).toEqual([{ protocol: "tcp", ports: ["3307", "5432", "6378"] }]);
    expect(origins(at(rules[2]?.destinationRanges ?? null, "0"))).toEqual(["identity-services"]);
  });

  test("Cloud SQL logs for an audit", () => {
    expect(flags()).toEqual({
      "cloudsql.enable_pgaudit": "on",
      log_checkpoints: "on",
      log_connections: "on",
      log_disconnections: "on",
      log_duration: "on",
      log_hostname: "on",
      log_lock_waits: "on",
      log_min_duration_statement: "-1",
      log_min_error_statement: "error",
      log_min_messages: "warning",
      log_statement: "ddl",
      log_temp_files: "0",
      max_connections: "400",
      "pgaudit.log": "ddl,role",
    });
  });

  test("who reads and writes data is logged", () => {
    expect(all(prod, "projects:IAMAuditConfig").map(({ inputs }) => [inputs.service, inputs.auditLogConfigs])).toEqual(
      ["cloudsql.googleapis.com", "secretmanager.googleapis.com"].map((api) => [
        api,
        [{ logType: "ADMIN_READ" }, { logType: "DATA_READ" }, { logType: "DATA_WRITE" }],
      ]),
    );
  });
});

test("the provider has the stack's project and region, and warns of nothing", () => {
  const providers = prod.graph.resources.filter(({ type }) => type === "pulumi:providers:gcp");
  expect(providers.map(({ inputs }) => [inputs.project, inputs.region])).toEqual([
    ["agent-foundry-prod", "us-central1"],
  ]);
});

test("a stack leaves the project's audit logs alone unless it owns them, and never turns them off", async () => {
  expect(all(prod, "projects:IAMAuditConfig").map(({ options }) => options.retainOnDelete)).toEqual([true, true]);
  const guest = await recordStack("identity-prod", { "identity:audit": "false" });
  expect(all(guest, "projects:IAMAuditConfig")).toEqual([]);
  expect(all(await recordStack("identity-dev"), "projects:IAMAuditConfig")).toEqual([]);
});

describe("Monitoring and Alerting", () => {
  const policies = (): Record<string, Value | undefined> =>
    Object.fromEntries(
      all(prod, "monitoring:AlertPolicy").map(({ name, inputs }) => [
        name.replace("identity-", ""),
        at(inputs, "conditions.0.conditionPrometheusQueryLanguage"),
      ]),
    );
  const requests = 'monitored_resource="cloud_run_revision",service_name="af-identity-service"';

  test("health check failures", () => {
    expect(find(prod, "monitoring:UptimeCheckConfig").inputs).toMatchObject({
      displayName: "AF Identity Health Check",
      period: "60s",
      timeout: "10s",
      httpCheck: { path: "/healthz", port: 443, useSsl: true, validateSsl: true, requestMethod: "GET" },
      monitoredResource: {
        type: "uptime_url",
        labels: { project_id: "agent-foundry-prod", host: "identity.example.com" },
      },
    });
    const condition = value("monitoring:AlertPolicy", "conditions.0.conditionThreshold", "identity-down");
    expect(origins(at(condition ?? null, "filter"))).toEqual(["identity"]);
    expect(condition).toMatchObject({ comparison: "COMPARISON_GT", thresholdValue: 1 });
  });

  test("error rate above 5 % for 5 minutes", () => {
    expect(policies().IdentityHighErrorRate).toMatchObject({
      query:
        `sum(rate(run_googleapis_com:request_count{${requests},response_code_class="5xx"}[5m])) / ` +
        `(sum(rate(run_googleapis_com:request_count{${requests}}[5m])) > 0) > 0.05`,
      duration: "300s",
      evaluationInterval: "60s",
    });
  });

  test("p95 above 500 ms", () => {
    expect(at(policies().IdentityHighLatency ?? null, "query")).toBe(
      `histogram_quantile(0.95, sum by (le) (rate(run_googleapis_com:request_latencies_bucket{${requests}}[5m]))) > 500`,
    );
  });

  test("more than 80 % of the database's connections", () => {
    expect(at(policies().IdentityDatabaseConnections ?? null, "query")).toBe(
      'sum(cloudsql_googleapis_com:database_postgresql_num_backends{monitored_resource="cloudsql_database",' +
        'database_id=~"agent-foundry-prod:af-identity-db-[0-9a-f]{4}"}) > 320',
    );
  });

  test("Redis is gone", () => {
    expect(at(policies().IdentityRedisUnavailable ?? null, "query")).toBe(
      'absent(redis_googleapis_com:server_uptime{monitored_resource="redis_instance",' +
        'instance_id=~"(.*/)?af-identity-redis",role="primary"})',
    );
  });

  test("somebody is told of each, with a runbook", () => {
    const channel = find(prod, "monitoring:NotificationChannel");
    expect(channel.inputs).toMatchObject({
      type: "email",
      labels: { email_address: "identity-oncall@example.com" },
    });
    const all5 = all(prod, "monitoring:AlertPolicy");
    expect(all5).toHaveLength(5);
    for (const { inputs } of all5) {
      expect(origins(at(inputs, "notificationChannels.0"))).toEqual([channel.name]);
      expect(at(inputs, "documentation.links.0.url")).toMatch(/^https:\/\/docs\.example\.com\/operations\/identity#/);
    }
    expect(all5.map(({ inputs }) => inputs.severity).sort()).toEqual([
      "CRITICAL",
      "CRITICAL",
      "CRITICAL",
      "WARNING",
      "WARNING",
    ]);
  });

  test("thresholds are config", async () => {
    const stack = await recordStack("identity-prod", {
      "identity:monitoring": JSON.stringify({
        emails: ["a@example.com"],
        runbooks: "https://docs.example.com",
        errorRatio: 0.01,
        latencyMilliseconds: 250,
        connectionsPercent: 50,
        redisAbsentFor: "2m",
      }),
    });
    const condition = (name: string, path: string): Value | undefined =>
      at(
        find(stack, "monitoring:AlertPolicy", `identity-${name}`).inputs,
        `conditions.0.conditionPrometheusQueryLanguage.${path}`,
      );
    expect(condition("IdentityHighErrorRate", "query")).toMatch(/ > 0\.01$/);
    expect(condition("IdentityHighLatency", "query")).toMatch(/ > 250$/);
    expect(condition("IdentityDatabaseConnections", "query")).toMatch(/ > 200$/);
    expect(condition("IdentityRedisUnavailable", "duration")).toBe("120s");
  });

  test("a dashboard of what the alerts look at", () => {
    const dashboard = JSON.parse(value("monitoring:Dashboard", "dashboardJson") as string) as {
      displayName: string;
      mosaicLayout: {
        columns: number;
        tiles: { xPos: number; yPos: number; width: number; widget: { title: string } }[];
      };
    };
    expect(dashboard.displayName).toBe("af-identity-service");
    expect(dashboard.mosaicLayout.columns).toBe(48);
    expect(
      dashboard.mosaicLayout.tiles.map(({ xPos, yPos, width, widget }) => [widget.title, xPos, yPos, width]),
    ).toEqual([
      ["Requests", 0, 0, 24],
      ["Error ratio", 24, 0, 24],
      ["P95 latency", 0, 16, 24],
      ["Instances", 24, 16, 24],
      ["Database connections", 0, 32, 24],
      ["Redis uptime", 24, 32, 24],
    ]);
  });
});

describe("an order that works on an empty project", () => {
  /** Everything that the engine has made before it makes a resource. */
  function before(record: StackRecord, type: string, name?: string): string[] {
    const byUrn = new Map(record.graph.resources.map((one) => [one.urn, one]));
    const seen = new Set<string>();
    const visit = (urn: string): void => {
      if (seen.has(urn)) return;
      seen.add(urn);
      byUrn.get(urn)?.dependencies.forEach(visit);
    };
    find(record, type, name).dependencies.forEach(visit);
    return [...seen].map((urn) => urn.slice(urn.lastIndexOf(":", urn.lastIndexOf("::") - 1) + 1)).sort();
  }

  const api = (name: string): string => `Service::identity-${name}`;

  test("the APIs before everything that uses them", () => {
    const apis = all(prod, "projects:Service").map(({ name }) => `Service::${name}`);
    const made = prod.graph.resources.filter(
      ({ type, custom }) => custom && type.startsWith("gcp:") && type !== "gcp:projects/service:Service",
    );
    expect(made.length).toBeGreaterThan(35);
    for (const { type, name } of made) {
      const [, service = "", kind = ""] = /^gcp:([^/]+)\/[^:]+:(.+)$/.exec(type) ?? [];
      expect(before(prod, `${service}:${kind}`, name), name).toEqual(expect.arrayContaining(apis));
    }
    expect(apis).toContain(api("sqladmin"));
  });

  test.each([
    ["the peering before the database", "sql:DatabaseInstance", ["Connection::identity-services"]],
    ["the peering before Redis", "redis:Instance", ["Connection::identity-services"]],
    ["the range before the peering", "servicenetworking:Connection", ["GlobalAddress::identity-services"]],
    [
      "database, user, password, its reader and the role before the migration",
      "cloudrunv2:Job",
      [
        "Database::identity-db-database",
        "DatabaseInstance::identity-db",
        "IAMMember::identity-cloudsql-client",
        "SecretIamMember::identity-db-password-service",
        "SecretVersion::identity-db-password-1",
        "User::identity-db-user",
        "Connector::identity-connector",
      ],
    ],
    ["the migration before the service", "cloudrunv2:Service", ["Job::identity-migrations"]],
    [
      "each version of a secret and its reader before the revision",
      "cloudrunv2:Service",
      [
        "identity-db-password",
        "identity-github-client-id",
        "identity-github-client-secret",
        "identity-jwt-secret",
        "identity-redis-password",
        "identity-token-key",
      ].flatMap((secret) => [`SecretIamMember::${secret}-service`, `SecretVersion::${secret}-1`]),
    ],
    ["Redis before the service", "cloudrunv2:Service", ["Instance::identity-redis"]],
    [
      "the service before the uptime check",
      "monitoring:UptimeCheckConfig",
      ["Service::identity", "ServiceIamMember::identity-public"],
    ],
  ])("%s", (_, type, expected) => {
    expect(before(prod, type)).toEqual(expect.arrayContaining(expected));
  });

  test("the migration does not wait for the service", () => {
    expect(before(prod, "cloudrunv2:Job")).not.toContain("Service::identity");
  });
});

describe("identity-dev", () => {
  let dev: StackRecord;
  beforeAll(async () => {
    dev = await recordStack("identity-dev");
  });

  test("the guide's smallest machine and basic Redis, one instance, nothing protected", () => {
    const database = find(dev, "sql:DatabaseInstance").inputs;
    expect(at(database, "settings.tier")).toBe("db-f1-micro");
    expect(at(database, "settings.availabilityType")).toBe("ZONAL");
    expect(find(dev, "redis:Instance").inputs).toMatchObject({
      tier: "BASIC",
      deletionProtection: false,
      memorySizeGb: 1,
    });
    const service = find(dev, "cloudrunv2:Service").inputs;
    expect(at(service, "template.scaling")).toEqual({ minInstanceCount: 0, maxInstanceCount: 1 });
    expect(service.deletionProtection).toBe(false);
  });

  test("names of its own, so that it can share production's project", () => {
    const names = (record: StackRecord): string[] =>
      record.graph.resources.flatMap(({ type, inputs }) =>
        /^gcp:(projects|monitoring)\//.test(type) || type.startsWith("gcp:sql/")
          ? []
          : [inputs.name, inputs.secretId, inputs.accountId, inputs.repositoryId].filter(
              (one) => typeof one === "string",
            ),
      );
    const shared = new Set(names(prod));
    expect(shared.size).toBeGreaterThan(10);
    expect(names(dev).filter((name) => shared.has(name))).toEqual([]);
  });
});

test.each(["identity-dev", "identity-prod"])(
  "the URNs of %s are a promise: a rename carries an alias",
  async (name) => {
    const { graph } = await recordStack(name);
    const urns = graph.resources.filter(({ type }) => !type.startsWith("pulumi:")).map(({ urn }) => urn);
    await expect(`${urns.sort().join("\n")}\n`).toMatchFileSnapshot(`urns/${name}.txt`);
  },
);

test("the JSON Schema that editors read is the config's own", async () => {
  const { status, stdout } = await gatehouse("config", "schema", "identity");
  expect(status).toBe(0);
  await expect(stdout).toMatchFileSnapshot("../../stacks/identity/config.schema.json");
});
