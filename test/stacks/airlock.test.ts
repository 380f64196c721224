import { readFileSync } from "node:fs";
import type { Value } from "@gatehouse/preview";
import { RE2JS } from "re2js";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { gatehouse } from "../support/gatehouse.ts";
import { at, recordStack, type StackRecord, text } from "./support/record.ts";

const address = "airlock-0a1b.abcdefghijkl.us-west-2.rds.amazonaws.com";
const userSecret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:airlock-0a1b-airlock-AbCdEf";
const masterSecret = "arn:aws:secretsmanager:us-west-2:123456789012:secret:rds!db-0a1b-AbCdEf";
const auditKey = "arn:aws:kms:us-west-2:123456789012:key/0f1e2d3c-0000-4000-8000-000000000002";
/** What AWS answers once the stack is there. */
const answers = {
  resources: {
    "aws:rds/instance:Instance::airlock-database": { address, masterUserSecrets: [{ secretArn: masterSecret }] },
    "aws:secretsmanager/secret:Secret::airlock-database-user": { arn: userSecret },
    "aws:secretsmanager/secretVersion:SecretVersion::airlock-database-user": { versionId: "1" },
    "aws:s3/bucket:Bucket::airlock-audit": { arn: "arn:aws:s3:::your-org-audit-logs" },
    "aws:s3/bucketPolicy:BucketPolicy::airlock-audit-policy": { id: "your-org-audit-logs" },
    "aws:kms/key:Key::airlock-audit-key": { arn: auditKey },
    "aws:iam/role:Role::mcp-airlock-role": { arn: "arn:aws:iam::123456789012:role/mcp-airlock-role" },
    "aws:iam/rolePolicy:RolePolicy::mcp-airlock-role": { id: "mcp-airlock-role:access" },
  },
  invokes: {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
    "aws:index/getPartition:getPartition": { partition: "aws" },
  },
};

let prod: StackRecord;
/** The same stack, with what AWS answers. */
let answered: StackRecord;
beforeAll(async () => {
  prod = await recordStack("airlock-prod");
  answered = await recordStack("airlock-prod", {}, answers);
});

const name = "mcp-airlock";

const spec = (path: string, stack = prod): Value | undefined => stack.value("Deployment", name, `spec.${path}`);
const pod = (path: string, stack = prod): Value | undefined => spec(`template.spec.${path}`, stack);
const container = (path: string, stack = prod): Value | undefined => pod(`containers.0.${path}`, stack);

/** A name without the hash that it ends with. */
const unhashed = (object: string): string => object.replace(/-[0-9a-f]{8}$/, "-<hash>");

/** Name of the ConfigMap behind a volume of the pods. */
function configMapOf(volume: string, stack = prod): string {
  const volumes = pod("volumes", stack) as { name: string; configMap?: { name: string } }[];
  return text(volumes.find(({ name }) => name === volume)?.configMap?.name);
}

/** The application's config file, read back. */
function configFile(stack = prod): Record<string, Value> {
  const files = stack.value("ConfigMap", configMapOf("config", stack), "data") as Record<string, string>;
  expect(Object.keys(files)).toEqual(["config.yaml"]);
  return parse(files["config.yaml"] ?? "") as Record<string, Value>;
}

test("the stack is these objects and no others", () => {
  expect(prod.objects().map(unhashed)).toEqual([
    "ConfigMap mcp-airlock/airlock-backup-scripts",
    "ConfigMap mcp-airlock/airlock-config-<hash>",
    "ConfigMap mcp-airlock/airlock-policy-<hash>",
    "ConfigMap mcp-airlock/mcp-airlock",
    "CronJob mcp-airlock/airlock-backup",
    "CronJob mcp-airlock/airlock-restore-check",
    "Deployment mcp-airlock/mcp-airlock",
    "ExternalSecret mcp-airlock/airlock-database",
    "ExternalSecret mcp-airlock/airlock-database-admin",
    "ExternalSecret mcp-airlock/airlock-oidc",
    "HorizontalPodAutoscaler mcp-airlock/mcp-airlock",
    "Ingress mcp-airlock/mcp-airlock",
    "Job mcp-airlock/airlock-database-user-<hash>",
    "Namespace mcp-airlock",
    "NetworkPolicy mcp-airlock/airlock-backup",
    "NetworkPolicy mcp-airlock/airlock-database-user",
    "NetworkPolicy mcp-airlock/airlock-restore-check",
    "NetworkPolicy mcp-airlock/default-deny",
    "NetworkPolicy mcp-airlock/mcp-airlock-edge",
    "NetworkPolicy mcp-airlock/mcp-airlock-network-policy",
    "PersistentVolume mcp-airlock-repo-readonly",
    "PersistentVolumeClaim mcp-airlock/mcp-airlock-repo-readonly",
    "PodDisruptionBudget mcp-airlock/mcp-airlock",
    "PrometheusRule mcp-airlock/mcp-airlock-alerts",
    "Service mcp-airlock/mcp-airlock",
    "ServiceAccount mcp-airlock/airlock-backup",
    "ServiceAccount mcp-airlock/airlock-database-user",
    "ServiceAccount mcp-airlock/airlock-restore-check",
    "ServiceAccount mcp-airlock/mcp-airlock",
    "ServiceMonitor monitoring/mcp-airlock",
  ]);
});

describe("Step 1: namespace and secrets", () => {
  test("the namespace refuses pods that are not restricted, and holds readiness back until the ALB knows a pod", () => {
    expect(prod.value("Namespace", name, "metadata.labels")).toEqual({
      "app.kubernetes.io/managed-by": "pulumi",
      "app.kubernetes.io/name": name,
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
      "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
    });
  });

  test("airlock-database: the URL, whose parts are encoded, and which verifies the server", () => {
    const encoded = (field: string) => `{{ .${field} | urlquery | replace "+" "%20" }}`;
    expect(answered.value("ExternalSecret", "airlock-database", "spec")).toEqual({
      refreshPolicy: "OnChange",
      secretStoreRef: { name: "aws-secrets-manager", kind: "ClusterSecretStore" },
      target: {
        name: "airlock-database",
        creationPolicy: "Owner",
        template: {
          engineVersion: "v2",
          data: {
            url: `postgresql://${encoded("username")}:${encoded("password")}@${address}:5432/airlock?sslmode=verify-full&sslrootcert=/etc/airlock-database/bundle.pem`,
            host: address,
            username: "{{ .username }}",
            password: "{{ .password }}",
          },
        },
      },
      data: ["username", "password"].map((property) => ({
        secretKey: property,
        remoteRef: { key: userSecret, property },
      })),
    });
    expect(answered.value("ExternalSecret", "airlock-database", "metadata.annotations")).toEqual({
      "pulumi.com/waitFor": "condition=Ready",
    });
  });

  test("airlock-oidc: the client secret", () => {
    expect(prod.value("ExternalSecret", "airlock-oidc", "spec")).toEqual({
      refreshPolicy: "OnChange",
      secretStoreRef: { name: "aws-secrets-manager", kind: "ClusterSecretStore" },
      target: { name: "airlock-oidc", creationPolicy: "Owner" },
      data: [{ secretKey: "client-secret", remoteRef: { key: "airlock-oidc", property: "client-secret" } }],
    });
  });

  test("a pinned version is a Secret of another name, and rolls the pods", async () => {
    const secrets = JSON.stringify({ oidcVersion: "uuid/0f1e2d3c-0000-4000-8000-000000000000" });
    const stack = await recordStack("airlock-prod", { "airlock:secrets": secrets });
    const env = container("env", stack) as { name: string; valueFrom: { secretKeyRef: { name: string } } }[];
    const named = env.find(({ name }) => name === "OIDC_CLIENT_SECRET")?.valueFrom.secretKeyRef.name;
    expect(named).toMatch(/^airlock-oidc-[0-9a-f]{8}$/);
    expect(stack.value("ExternalSecret", text(named), "spec.data")).toEqual([
      {
        secretKey: "client-secret",
        remoteRef: {
          key: "airlock-oidc",
          property: "client-secret",
          version: "uuid/0f1e2d3c-0000-4000-8000-000000000000",
        },
      },
    ]);
  });

  test("there is no Secret of static keys: the pods assume a role", () => {
    const variables = (container("env") as { name: string }[]).map(({ name }) => name);
    expect(variables).toEqual(["DATABASE_URL", "OIDC_CLIENT_SECRET"]);
    expect(answered.value("ServiceAccount", name, "metadata.annotations")).toEqual({
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/mcp-airlock-role",
    });
  });

  const inputs = (type: string, resourceName: string, stack = answered) =>
    stack.graph.resources.find((one) => one.type === type && one.name === resourceName)?.inputs ?? {};

  test("the role: trusted for one ServiceAccount, allowed the exports' prefix and the roots, and nothing else", () => {
    const role = inputs("aws:iam/role:Role", "mcp-airlock-role");
    expect(role.name).toBe("mcp-airlock-role");
    const issuer = "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE";
    expect(JSON.parse(text(role.assumeRolePolicy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PodsAssumeRole",
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:sub`]: "system:serviceaccount:mcp-airlock:mcp-airlock",
              [`${issuer}:aud`]: "sts.amazonaws.com",
            },
          },
        },
      ],
    });
    const artifacts = "arn:aws:s3:::your-org-mcp-artifacts";
    expect(JSON.parse(text(inputs("aws:iam/rolePolicy:RolePolicy", "mcp-airlock-role").policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Sid: "ReadObjects", Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${artifacts}/*`] },
        {
          Sid: "ListObjects1",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: [artifacts],
          Condition: { StringLike: { "s3:prefix": ["*"] } },
        },
        {
          Sid: "WriteObjects",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
          Resource: ["arn:aws:s3:::your-org-audit-logs/mcp-airlock/*", `${artifacts}/*`],
        },
        {
          Sid: "EncryptObjects",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: [auditKey],
          Condition: { StringEquals: { "kms:ViaService": ["s3.us-west-2.amazonaws.com"] } },
        },
      ],
    });
  });

  test("a root that is read-only, below a prefix: the role gets that prefix and may not write", async () => {
    const root = { name: "reports", type: "s3", virtual: "mcp://artifacts/", real: "s3://your-org-reports/2026/" };
    const stack = await recordStack("airlock-prod", { "airlock:roots": JSON.stringify([root]) }, answers);
    const policy = text(inputs("aws:iam/rolePolicy:RolePolicy", "mcp-airlock-role", stack).policy);
    const { Statement } = JSON.parse(policy) as {
      Statement: { Sid: string; Resource: string[]; Condition?: object }[];
    };
    const of = (sid: string) => Statement.find(({ Sid }) => Sid === sid);
    expect(of("ReadObjects")?.Resource).toEqual(["arn:aws:s3:::your-org-reports/2026/*"]);
    expect(of("ListObjects1")?.Condition).toEqual({ StringLike: { "s3:prefix": ["2026/*"] } });
    expect(of("WriteObjects")?.Resource).toEqual(["arn:aws:s3:::your-org-audit-logs/mcp-airlock/*"]);
  });

  test("with EKS Pod Identity the role is associated, and the ServiceAccount has no annotation", async () => {
    const dev = await recordStack("airlock-dev");
    expect(
      inputs("aws:eks/podIdentityAssociation:PodIdentityAssociation", "mcp-airlock-role-association", dev),
    ).toMatchObject({
      clusterName: "dev",
      namespace: "mcp-airlock-dev",
      serviceAccount: "mcp-airlock",
    });
    expect(dev.value("ServiceAccount", name, "metadata.annotations")).toBeUndefined();
    expect(inputs("aws:iam/role:Role", "mcp-airlock-role", dev).name).toBe("mcp-airlock-role-dev");
  });

  test("the bucket of the exports: versions, KMS, no public access, a year's retention, a lock by option", async () => {
    expect(inputs("aws:s3/bucket:Bucket", "airlock-audit")).toMatchObject({ bucket: "your-org-audit-logs" });
    expect(inputs("aws:s3/bucketVersioning:BucketVersioning", "airlock-audit-versioning")).toMatchObject({
      versioningConfiguration: { status: "Enabled" },
    });
    const encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    expect(inputs(encryption, "airlock-audit-encryption")).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: auditKey } }],
    });
    expect(
      inputs("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "airlock-audit-public-access"),
    ).toMatchObject({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const lifecycle = inputs(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "airlock-audit-lifecycle",
    );
    expect(JSON.stringify(lifecycle)).toContain('"expiration":{"days":365}');
    const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
    expect(inputs(lock, "airlock-audit-lock")).toEqual({});
    const auditBucket = JSON.stringify({ lock: {} });
    const stack = await recordStack("airlock-prod", { "airlock:auditBucket": auditBucket }, answers);
    expect(inputs(lock, "airlock-audit-lock", stack)).toMatchObject({
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 365 } },
    });
  });
});

describe("Step 1: the database", () => {
  const resource = (type: string, name = "airlock-database", stack = prod) => {
    const found = stack.graph.resources.filter((one) => one.type === type && one.name === name);
    expect(found, `${type} ${name}`).toHaveLength(1);
    return found[0];
  };
  const instance = "aws:rds/instance:Instance";

  test("RDS for PostgreSQL: a standby, encrypted, private, a managed administrator, point-in-time recovery", () => {
    expect(resource(instance)?.inputs).toMatchObject({
      region: "us-west-2",
      engine: "postgres",
      engineVersion: "17",
      instanceClass: "db.t4g.medium",
      dbName: "airlock",
      multiAz: true,
      storageEncrypted: true,
      allocatedStorage: 100,
      publiclyAccessible: false,
      manageMasterUserPassword: true,
      backupRetentionPeriod: 7,
      deletionProtection: true,
      deleteAutomatedBackups: false,
      caCertIdentifier: "rds-ca-rsa2048-g1",
    });
    expect(resource(instance)?.options.protect).toBe(true);
    const parameters = resource("aws:rds/parameterGroup:ParameterGroup", "airlock-database-postgres17")?.inputs;
    expect(parameters?.family).toBe("postgres17");
    expect(parameters?.parameters).toContainEqual(expect.objectContaining({ name: "rds.force_ssl", value: "1" }));
  });

  test("the cluster's nodes reach it, on its own port", () => {
    const rules = prod.graph.resources.filter(({ type }) => type.endsWith(":SecurityGroupIngressRule"));
    expect(rules.map(({ inputs }) => inputs)).toMatchObject([
      { ipProtocol: "tcp", fromPort: 5432, toPort: 5432, referencedSecurityGroupId: "sg-0123456789abcdef0" },
    ]);
  });

  test("its key, secrets and logs have the stack's name, so that environments share an account", async () => {
    expect(resource("aws:kms/alias:Alias", "airlock-database-key-alias")?.inputs.name).toBe("alias/airlock-database");
    const dev = await recordStack("airlock-dev");
    const alias = resource("aws:kms/alias:Alias", "airlock-database-key-alias", dev);
    expect(alias?.inputs.name).toBe("alias/airlock-dev-database");
    expect(resource(instance, "airlock-database", dev)?.inputs).toMatchObject({
      instanceClass: "db.t4g.micro",
      multiAz: false,
      deletionProtection: false,
    });
    expect(resource(instance, "airlock-database", dev)?.options.protect).toBeUndefined();
  });

  test("a Job makes the application's user as the administrator, before the application starts", () => {
    const job = prod.graph.resources.find(({ inputs }) => inputs.kind === "Job");
    const pod = at(job?.inputs ?? null, "spec.template.spec") ?? null;
    const fromSecret = (name: string, key: string) => ({ secretKeyRef: { name, key } });
    const env = at(pod, "containers.0.env") as { name: string; value?: string; valueFrom?: object }[];
    expect(Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]))).toEqual({
      PGDATABASE: "airlock",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/etc/airlock-database/bundle.pem",
      PGHOST: fromSecret("airlock-database", "host"),
      PGUSER: fromSecret("airlock-database-admin", "username"),
      PGPASSWORD: fromSecret("airlock-database-admin", "password"),
      APPLICATION_USER: fromSecret("airlock-database", "username"),
      APPLICATION_PASSWORD: fromSecret("airlock-database", "password"),
    });
    expect(at(pod, "containers.0.image")).toBe("postgres:17.6");
    expect(prod.object("Deployment", name).dependencies).toContain(job?.urn);
  });

  test("the administrator's password is read every hour, as RDS changes it every week", () => {
    expect(answered.value("ExternalSecret", "airlock-database-admin", "spec")).toEqual({
      refreshPolicy: "Periodic",
      refreshInterval: "1h",
      secretStoreRef: { name: "aws-secrets-manager", kind: "ClusterSecretStore" },
      target: { name: "airlock-database-admin", creationPolicy: "Owner" },
      data: ["username", "password"].map((property) => ({
        secretKey: property,
        remoteRef: { key: masterSecret, property },
      })),
    });
  });
});

describe("Step 2: server", () => {
  test("image, command line, resources, ports", () => {
    expect(container("image")).toBe("mcp-airlock/airlock:v1.0.0");
    expect(container("args")).toEqual(["-config", "/etc/airlock/config.yaml"]);
    expect(container("resources")).toEqual({
      requests: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "64Mi" },
      limits: { cpu: "1000m", memory: "1Gi", "ephemeral-storage": "1Gi" },
    });
    expect(container("ports")).toEqual([
      { name: "http", containerPort: 8080, protocol: "TCP" },
      { name: "metrics", containerPort: 9090, protocol: "TCP" },
    ]);
    expect(prod.value("Service", name, "spec.ports")).toEqual([
      { name: "http", port: 8080, targetPort: 8080, protocol: "TCP" },
      { name: "metrics", port: 9090, targetPort: 9090, protocol: "TCP" },
    ]);
  });

  test("the security context, of the pod and of every container", () => {
    expect(pod("securityContext")).toEqual({
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      fsGroup: 65_534,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
    for (const path of ["containers.0", "initContainers.0"])
      expect(pod(`${path}.securityContext`)).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    expect(pod("automountServiceAccountToken")).toBe(false);
    expect(pod("shareProcessNamespace")).toBeUndefined();
  });

  test("probes: readiness may ask the database, liveness asks the process alone", () => {
    const probe = (path: string) => ({
      httpGet: { path, port: 8080 },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
    expect(container("readinessProbe")).toEqual(probe("/health/ready"));
    expect(container("livenessProbe")).toEqual(probe("/health/live"));
    expect(container("startupProbe")).toEqual({
      httpGet: { path: "/health/live", port: 8080 },
      periodSeconds: 5,
      failureThreshold: 24,
    });
  });

  test("a drain of nodes leaves two pods", () => {
    expect(prod.value("PodDisruptionBudget", name, "spec")).toEqual({
      selector: { matchLabels: { "app.kubernetes.io/name": "airlock" } },
      minAvailable: 2,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  test("3 to 10 pods, by processor and memory; no literal replicas beside the autoscaler", () => {
    const utilization = (resource: string, averageUtilization: number) => ({
      type: "ContainerResource",
      containerResource: { container: name, name: resource, target: { type: "Utilization", averageUtilization } },
    });
    expect(prod.value("HorizontalPodAutoscaler", name, "spec")).toMatchObject({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment" },
      minReplicas: 3,
      maxReplicas: 10,
    });
    expect(prod.value("HorizontalPodAutoscaler", name, "spec.metrics")).toEqual([
      utilization("cpu", 70),
      utilization("memory", 80),
    ]);
    expect(spec("replicas")).toBeUndefined();
    expect(spec("selector")).toEqual({ matchLabels: { "app.kubernetes.io/name": "airlock" } });
  });

  test("an update takes no pod away before another is ready, and a pod has time to end its requests", () => {
    expect(spec("strategy")).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect(container("lifecycle")).toEqual({ preStop: { sleep: { seconds: 10 } } });
    expect(pod("terminationGracePeriodSeconds")).toBe(45);
  });

  test("pods are spread over zones and hosts, and leave a lost node within a minute", () => {
    const constraints = pod("topologySpreadConstraints") as { topologyKey: string; whenUnsatisfiable: string }[];
    expect(constraints.map(({ topologyKey, whenUnsatisfiable }) => [topologyKey, whenUnsatisfiable])).toEqual([
      ["topology.kubernetes.io/zone", "ScheduleAnyway"],
      ["kubernetes.io/hostname", "DoNotSchedule"],
    ]);
    expect(pod("tolerations")).toEqual(
      ["not-ready", "unreachable"].map((state) => ({
        key: `node.kubernetes.io/${state}`,
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 60,
      })),
    );
  });
});

describe("Step 2: the application's config file", () => {
  test("whole", () => {
    expect(configFile()).toEqual({
      server: {
        addr: ":8080",
        public_base_url: "https://mcp-airlock.your-org.com",
        timeouts: { read: "30s", write: "30s", idle: "75s" },
      },
      auth: {
        oidc_issuer: "https://your-org.auth0.com/",
        audience: "mcp-airlock-prod",
        jwks_cache_ttl: "5m",
        clock_skew: "2m",
        required_groups: ["mcp.users", "mcp.writers", "mcp.power_users"],
        client_secret_env: "OIDC_CLIENT_SECRET",
      },
      policy: { rego_file: "/etc/airlock-policy/policy.rego", cache_ttl: "1m", reload_signal: "SIGHUP" },
      roots: [
        {
          name: "repo-readonly",
          type: "fs",
          virtual: "mcp://repo/",
          real: "/mnt/efs/repositories",
          read_only: true,
        },
        {
          name: "artifacts",
          type: "s3",
          virtual: "mcp://artifacts/",
          real: "s3://your-org-mcp-artifacts/",
          read_only: false,
        },
      ],
      dlp: {
        patterns: [
          {
            name: "email",
            regex: String.raw`(?i)[A-Z0-9._%+-]+@[A-Z0-9.-]+\.[A-Z]{2,}`,
            replace: "[redacted-email]",
          },
          { name: "bearer_token", regex: String.raw`(?i)bearer\s+[a-z0-9._-]+`, replace: "[redacted-token]" },
          { name: "aws_key", regex: "AKIA[0-9A-Z]{16}", replace: "[redacted-aws-key]" },
          { name: "ssh_key", regex: "-----BEGIN [A-Z ]+PRIVATE KEY-----", replace: "[redacted-ssh-key]" },
        ],
      },
      rate_limiting: { per_token: "200/min", per_ip: "1000/min", burst: 50, trusted_hops: 1 },
      upstreams: [
        {
          name: "docs-server",
          type: "unix",
          socket: "/run/mcp/docs.sock",
          timeout: "30s",
          allow_tools: ["search_docs", "read_file"],
        },
        {
          name: "code-server",
          type: "stdio",
          command: ["python", "-m", "mcp_server.code"],
          env: { PYTHONPATH: "/opt/mcp-servers" },
          timeout: "30s",
          allow_tools: ["read_file", "write_file", "list_directory", "execute_command"],
        },
      ],
      audit: {
        backend: "postgresql",
        database_env: "DATABASE_URL",
        spool_dir: "/var/lib/airlock",
        // 90 days, as Go writes them.
        retention: "7776000s",
        export_format: "jsonl",
        s3_export: { enabled: true, bucket: "your-org-audit-logs", prefix: "mcp-airlock/", region: "us-west-2" },
      },
      observability: {
        metrics: { enabled: true, addr: ":9090", path: "/metrics" },
        tracing: { enabled: true, endpoint: "http://jaeger-collector:14268/api/traces" },
        logging: { level: "info", format: "json" },
      },
    });
  });

  test("is mounted where the application looks for it, and a change rolls the pods", async () => {
    const mounts = container("volumeMounts") as { name: string }[];
    expect(mounts.find(({ name }) => name === "config")).toEqual({
      name: "config",
      mountPath: "/etc/airlock",
      readOnly: true,
    });
    expect(prod.value("ConfigMap", configMapOf("config"), "immutable")).toBe(true);
    const stack = await recordStack("airlock-prod", { "airlock:logging": JSON.stringify({ level: "debug" }) });
    expect(configMapOf("config", stack)).toMatch(/^airlock-config-[0-9a-f]{8}$/);
    expect(configMapOf("config", stack)).not.toBe(configMapOf("config"));
  });

  test("without traces it names no endpoint, and the pods reach no collector", async () => {
    const stack = await recordStack("airlock-prod", { "airlock:tracing": JSON.stringify({ enabled: false }) });
    expect(at(configFile(stack), "observability.tracing")).toEqual({ enabled: false });
    expect(JSON.stringify(stack.value("NetworkPolicy", `${name}-network-policy`, "spec.egress"))).not.toContain(
      "14268",
    );
  });
});

describe("Step 2: DLP patterns, in the application's own dialect", () => {
  const patterns = () => at(configFile(), "dlp.patterns") as { name: string; regex: string; replace: string }[];
  const redacted = (name: string, text: string): string => {
    const { regex = "", replace = "" } = patterns().find((pattern) => pattern.name === name) ?? {};
    return RE2JS.compile(regex).matcher(text).replaceAll(RE2JS.quoteReplacement(replace));
  };

  test.each([
    ["email", "write to Jane.Doe+mcp@mail.example.com today", "write to [redacted-email] today"],
    ["email", "JANE@EXAMPLE.ORG", "[redacted-email]"],
    ["bearer_token", "Authorization: Bearer eyJhbGciOi.J9_x-y", "Authorization: [redacted-token]"],
    ["bearer_token", "authorization: BEARER\tabc", "authorization: [redacted-token]"],
    ["aws_key", "key AKIAIOSFODNN7EXAMPLE end", "key [redacted-aws-key] end"],
    ["ssh_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "[redacted-ssh-key]\nb3Bl"],
    ["ssh_key", "-----BEGIN RSA PRIVATE KEY-----", "[redacted-ssh-key]"],
  ])("%s finds %j", (name, sample, expected) => {
    expect(redacted(name, sample)).toBe(expected);
  });

  test.each([
    ["email", "user@localhost, @example.com, user at example.com"],
    ["bearer_token", "bearerless, bearer, bearer: the"],
    ["aws_key", "AKIAIOSFODNN7EXAMPL, akiaiosfodnn7example, ASIAIOSFODNN7EXAMPLE"],
    ["ssh_key", "-----BEGIN PUBLIC KEY-----, -----BEGIN RSA PUBLIC KEY-----, BEGIN RSA PRIVATE KEY"],
  ])("%s leaves a near miss: %j", (name, nearMiss) => {
    expect(redacted(name, nearMiss)).toBe(nearMiss);
  });
});

describe("Step 2: upstreams", () => {
  test("docs-server is a sidecar whose socket is there before the application starts", () => {
    expect(pod("initContainers")).toHaveLength(1);
    expect(pod("initContainers.0")).toMatchObject({
      name: "docs-server",
      image: "registry.example.com/mcp/docs-server:1.4.0",
      restartPolicy: "Always",
      startupProbe: { exec: { command: ["test", "-S", "/run/mcp/docs.sock"] } },
    });
    for (const path of ["containers.0", "initContainers.0"])
      expect(pod(`${path}.volumeMounts`)).toContainEqual({ name: "upstreams", mountPath: "/run/mcp" });
    expect(pod("volumes")).toContainEqual({ name: "upstreams", emptyDir: { sizeLimit: "1Mi" } });
  });
});

describe("Step 2: storage", () => {
  test("each pod has its own volume of 100Gi, which every zone can make", () => {
    expect(pod("volumes")).toContainEqual({
      name: "spool",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "100Gi" } },
            storageClassName: "gp3",
          },
        },
      },
    });
    expect(container("volumeMounts")).toContainEqual({ name: "spool", mountPath: "/var/lib/airlock" });
  });

  test("a durable one outlives its pod: a StatefulSet", async () => {
    const spool = JSON.stringify({ kind: "durable" });
    const stack = await recordStack("airlock-prod", { "airlock:spool": spool });
    expect(stack.objects().filter((object) => object.startsWith("Deployment"))).toEqual([]);
    expect(stack.value("StatefulSet", name, "spec.volumeClaimTemplates")).toEqual([
      {
        metadata: { name: "spool" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "100Gi" } },
          storageClassName: "gp3",
        },
      },
    ]);
    expect(stack.value("HorizontalPodAutoscaler", name, "spec.scaleTargetRef.kind")).toBe("StatefulSet");
  });

  test("the repositories are an EFS volume that no pod can write", () => {
    const volume = "mcp-airlock-repo-readonly";
    expect(prod.value("PersistentVolume", volume, "spec")).toEqual({
      storageClassName: "",
      capacity: { storage: "1Gi" },
      accessModes: ["ReadOnlyMany"],
      persistentVolumeReclaimPolicy: "Retain",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: name, name: volume },
      csi: {
        driver: "efs.csi.aws.com",
        volumeHandle: "fs-0123456789abcdef0::fsap-0123456789abcdef0",
        readOnly: true,
      },
    });
    expect(prod.value("PersistentVolumeClaim", volume, "spec")).toEqual({
      storageClassName: "",
      volumeName: volume,
      accessModes: ["ReadOnlyMany"],
      resources: { requests: { storage: "1Gi" } },
    });
    expect(container("volumeMounts")).toContainEqual({
      name: "root-repo-readonly",
      mountPath: "/mnt/efs/repositories",
      readOnly: true,
    });
  });

  test("a root that clients write to is mounted to write", async () => {
    const root = {
      name: "scratch",
      type: "fs",
      virtual: "mcp://repo/",
      real: "/mnt/efs/scratch",
      readOnly: false,
      fileSystem: { id: "fs-0123456789abcdef0" },
    };
    const stack = await recordStack("airlock-prod", { "airlock:roots": JSON.stringify([root]) });
    expect(stack.value("PersistentVolume", "mcp-airlock-scratch", "spec")).toMatchObject({
      accessModes: ["ReadWriteMany"],
      csi: { volumeHandle: "fs-0123456789abcdef0", readOnly: false },
    });
    expect(container("volumeMounts", stack)).toContainEqual({ name: "root-scratch", mountPath: "/mnt/efs/scratch" });
  });
});

describe("Step 2: ingress", () => {
  test("an ALB with the guide's annotations, which follows the pods' readiness", () => {
    expect(prod.value("Ingress", name, "metadata.annotations")).toEqual({
      "alb.ingress.kubernetes.io/scheme": "internet-facing",
      "alb.ingress.kubernetes.io/target-type": "ip",
      "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP":80},{"HTTPS":443}]',
      "alb.ingress.kubernetes.io/ssl-redirect": "443",
      "alb.ingress.kubernetes.io/ssl-policy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      "alb.ingress.kubernetes.io/certificate-arn":
        "arn:aws:acm:us-west-2:123456789012:certificate/0f1e2d3c-0000-4000-8000-000000000000",
      "alb.ingress.kubernetes.io/healthcheck-path": "/health/ready",
      "alb.ingress.kubernetes.io/target-group-attributes": "deregistration_delay.timeout_seconds=30",
      "alb.ingress.kubernetes.io/load-balancer-attributes":
        "deletion_protection.enabled=true,idle_timeout.timeout_seconds=60,routing.http.drop_invalid_header_fields.enabled=true",
    });
    expect(prod.value("Ingress", name, "spec")).toEqual({
      ingressClassName: "alb",
      rules: [
        {
          host: "mcp-airlock.your-org.com",
          http: {
            paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port: { number: 8080 } } } }],
          },
        },
      ],
    });
    expect(prod.graph.outputs).toMatchObject({ url: "https://mcp-airlock.your-org.com" });
  });
});

describe("Step 3: policy", () => {
  test("is the file that its tests test, without OPA beside it", () => {
    const map = configMapOf("policy");
    expect(map).toMatch(/^airlock-policy-[0-9a-f]{8}$/);
    const source = readFileSync(new URL("../../stacks/airlock/policy.rego", import.meta.url), "utf8");
    expect(prod.value("ConfigMap", map, "data")).toEqual({ "policy.rego": source });
    expect(container("volumeMounts")).toContainEqual({
      name: "policy",
      mountPath: "/etc/airlock-policy",
      readOnly: true,
    });
  });

  test("is loaded at SIGHUP by option: the ConfigMap keeps its name, and a sidecar signals the application", async () => {
    const policy = JSON.stringify({ reload: { image: "busybox:1.37.0" } });
    const stack = await recordStack("airlock-prod", { "airlock:policy": policy });
    expect(configMapOf("policy", stack)).toBe("airlock-policy");
    expect(stack.value("ConfigMap", "airlock-policy", "immutable")).toBeUndefined();
    expect(pod("shareProcessNamespace", stack)).toBe(true);
    expect(pod("initContainers.0.name", stack)).toBe("policy-reload");
    expect(text(pod("initContainers.0.args.0", stack))).toContain("pids=$(pidof airlock || true)");
    expect(text(pod("initContainers.0.args.0", stack))).toContain("kill -HUP $pids");
  });
});

describe("Step 6: monitoring", () => {
  const rules = (): Record<string, Record<string, unknown>> => {
    const groups = prod.value("PrometheusRule", "mcp-airlock-alerts", "spec.groups") as {
      name: string;
      rules: { alert: string }[];
    }[];
    expect(groups.map(({ name }) => name)).toEqual([name]);
    return Object.fromEntries(groups.flatMap((group) => group.rules.map((rule) => [rule.alert, { ...rule }])));
  };

  test.each([
    [
      "AirlockHighErrorRate",
      'sum(rate(airlock_requests_total{namespace="mcp-airlock",status=~"5.."}[5m])) > 0.1',
      "2m",
      "critical",
      "High error rate in MCP Airlock",
    ],
    [
      "AirlockHighLatency",
      'histogram_quantile(0.95, sum by (le) (rate(airlock_request_duration_seconds_bucket{namespace="mcp-airlock"}[5m]))) > 0.1',
      "5m",
      "warning",
      "High latency in MCP Airlock",
    ],
    [
      "AirlockAuditStorageFailure",
      'sum(increase(airlock_audit_errors_total{namespace="mcp-airlock"}[5m])) > 0',
      "1m",
      "critical",
      "Audit storage failures detected",
    ],
    [
      "AirlockDown",
      'up{job="mcp-airlock",namespace="mcp-airlock"} == 0 or absent(up{job="mcp-airlock",namespace="mcp-airlock"})',
      "1m",
      "critical",
      "Airlock is down",
    ],
    [
      "AirlockSpoolFilling",
      'min by (persistentvolumeclaim) (kubelet_volume_stats_available_bytes{namespace="mcp-airlock",persistentvolumeclaim=~"(.*-spool|spool-.*)"} / (kubelet_volume_stats_capacity_bytes{namespace="mcp-airlock",persistentvolumeclaim=~"(.*-spool|spool-.*)"} > 0)) < 0.2',
      "5m",
      "critical",
      "Audit rows pile up on a pod's volume",
    ],
  ])("%s", (alert, expr, duration, severity, summary) => {
    expect(rules()[alert]).toMatchObject({
      expr,
      for: duration,
      labels: { severity },
      annotations: { summary, runbook_url: `https://docs.your-org.com/airlock/runbook#${alert.toLowerCase()}` },
    });
  });

  test("every alert has an entry in the runbook", () => {
    const runbook = readFileSync(new URL("../../docs/airlock.md", import.meta.url), "utf8");
    const alarms = prod.graph.resources
      .filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm")
      .map(({ inputs }) => text(inputs.name).replace(/^airlock-/, ""));
    expect(alarms.sort()).toEqual([
      "database-connections",
      "database-cpu",
      "database-cpu-credits",
      "database-free-storage",
      "edge-certificate-expiry",
    ]);
    expect([...Object.keys(rules()), ...alarms].filter((alert) => !runbook.includes(alert))).toEqual([]);
  });

  test("CloudWatch tells who is on call", () => {
    const of = (type: string) => prod.graph.resources.filter((one) => one.type === type).map(({ inputs }) => inputs);
    expect(of("aws:sns/topicSubscription:TopicSubscription")).toMatchObject([
      { protocol: "email", endpoint: "airlock-oncall@your-org.com" },
    ]);
    expect(of("aws:rds/eventSubscription:EventSubscription")).toMatchObject([
      { sourceType: "db-instance", eventCategories: ["failover", "failure", "low storage"] },
    ]);
  });

  test("the ServiceMonitor is in Prometheus' namespace, and finds the pods in theirs", () => {
    expect(prod.value("ServiceMonitor", name, "metadata")).toMatchObject({
      namespace: "monitoring",
      labels: { release: "kube-prometheus-stack" },
    });
    expect(prod.value("ServiceMonitor", name, "spec")).toMatchObject({
      namespaceSelector: { matchNames: ["mcp-airlock"] },
      endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
    });
  });

  test("the dashboard has the guide's three panels", () => {
    const [json = ""] = Object.values(prod.value("ConfigMap", name, "data") as Record<string, string>);
    const { title, panels } = JSON.parse(json) as {
      title: string;
      panels: { title: string; type: string; targets: { expr: string; legendFormat: string }[] }[];
    };
    expect(title).toBe("MCP Airlock");
    const shown = panels.map(({ title, type, targets: [first] }) => [title, type, first?.expr, first?.legendFormat]);
    const requests = 'airlock_requests_total{namespace="mcp-airlock"}';
    const rate = (metric: string) => `sum(rate(${metric}{namespace="mcp-airlock"}[$__rate_interval]))`;
    expect(shown.slice(0, 3)).toEqual([
      ["Request Rate", "timeseries", `sum by (status) (rate(${requests}[$__rate_interval]))`, "{{status}}"],
      [
        "Response Time",
        "timeseries",
        'histogram_quantile(0.95, sum by (le) (rate(airlock_request_duration_seconds_bucket{namespace="mcp-airlock"}[$__rate_interval])))',
        "95th percentile",
      ],
      [
        "Authentication Success Rate",
        "stat",
        `${rate("airlock_auth_success_total")} / (${rate("airlock_auth_attempts_total")} > 0)`,
        "Success Rate",
      ],
    ]);
  });
});

describe("Step 7: backup", () => {
  const job = (name: string, path: string): Value | undefined =>
    prod.value("CronJob", name, `spec.jobTemplate.spec.template.spec.${path}`);

  test("a daily dump and a daily proof, under two roles", () => {
    expect(prod.value("CronJob", "airlock-backup", "spec.schedule")).toBe("0 1 * * *");
    expect(prod.value("CronJob", "airlock-restore-check", "spec.schedule")).toBe("0 4 * * *");
    for (const [account, role] of [
      ["airlock-backup", "mcp-airlock-backup"],
      ["airlock-restore-check", "mcp-airlock-restore-check"],
    ] as const)
      expect(prod.value("ServiceAccount", account, "metadata.annotations")).toEqual({
        "eks.amazonaws.com/role-arn": `arn:aws:iam::123456789012:role/${role}`,
      });
  });

  test("the dump reads the database by its URL, and goes to the guide's bucket", () => {
    const env = job("airlock-backup", "containers.0.env") as { name: string; value?: string; valueFrom?: object }[];
    const variable = (of: string) => env.find(({ name }) => name === of);
    expect(variable("DATABASE_URL")?.valueFrom).toEqual({ secretKeyRef: { name: "airlock-database", key: "url" } });
    expect(variable("BACKUP_LOCATION")?.value).toBe("s3://your-backup-bucket/airlock");
    expect(job("airlock-backup", "containers.0.volumeMounts")).toContainEqual({
      name: "database-authority",
      mountPath: "/etc/airlock-database",
      readOnly: true,
    });
  });

  test("the restored server knows the role that the dump names", () => {
    const env = job("airlock-restore-check", "containers.0.env") as { name: string; value?: string }[];
    expect(env.find(({ name }) => name === "SCRATCH_SETUP")?.value).toBe("create role airlock");
  });
});

describe("airlock-dev", () => {
  test("is small: one pod, whose drain nothing holds up, and a load balancer that may be deleted", async () => {
    const dev = await recordStack("airlock-dev");
    expect(dev.value("HorizontalPodAutoscaler", name, "spec")).toMatchObject({ minReplicas: 1, maxReplicas: 1 });
    expect(dev.value("PodDisruptionBudget", name, "spec.minAvailable")).toBe(0);
    const annotations = dev.value("Ingress", name, "metadata.annotations") as Record<string, string>;
    expect(annotations["alb.ingress.kubernetes.io/load-balancer-attributes"]).toContain(
      "deletion_protection.enabled=false",
    );
    expect(dev.objects()).toContain("Namespace mcp-airlock-dev");
    expect(dev.objects()).toContain("ServiceMonitor monitoring/mcp-airlock-dev");
  });
});

test.each(["airlock-prod", "airlock-dev"])("the URNs of %s are promises", async (stack) => {
  const { graph } = await recordStack(stack);
  const urns = graph.resources.filter(({ type }) => !type.startsWith("pulumi:")).map(({ urn }) => urn);
  await expect(`${urns.sort().join("\n")}\n`).toMatchFileSnapshot(`urns/${stack}.txt`);
});

test("the JSON Schema that editors read is the config's own", async () => {
  const { status, stdout } = await gatehouse("config", "schema", "airlock");
  expect(status).toBe(0);
  await expect(stdout).toMatchFileSnapshot("../../stacks/airlock/config.schema.json");
});
