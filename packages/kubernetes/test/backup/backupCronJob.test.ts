import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ignoresDisruptions, keepsItsNode } from "../support/examples.ts";
import { postgresScripts } from "../../src/backup/source/postgresScripts.ts";
import type { BackupCronJobArgs } from "../../src/backup/args.ts";
import { BackupCronJob } from "../../src/backup/backupCronJob.ts";
import { record, refusal, unknown } from "../support/record.ts";

/** Shield's backup, as its guide has it. */
const shield: BackupCronJobArgs = {
  namespace: "shield",
  source: {
    postgres: {
      url: { secret: "shield-secrets", key: "database-url" },
      server: { name: "database", port: 5432, addresses: [{ cidr: "10.20.0.0/16" }] },
      scratch: { image: "postgres:15.14" },
    },
  },
  destination: { s3: { bucket: "materi-backups", prefix: "shield", region: "us-west-2" } },
  image: "gcr.io/materi/backup:15.14",
  serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/shield-backup" },
};

function declare(overrides: Partial<BackupCronJobArgs> = {}, opts?: pulumi.ComponentResourceOptions): BackupCronJob {
  return new BackupCronJob("shield", { ...shield, ...overrides }, opts);
}

function declareWith(
  overrides: Partial<NonNullable<BackupCronJobArgs["source"]["postgres"]>>,
  args: Partial<BackupCronJobArgs> = {},
): BackupCronJob {
  const { postgres } = shield.source;
  if (!postgres) throw new Error("Shield's source is PostgreSQL");
  return declare({ ...args, source: { postgres: { ...postgres, ...overrides } } });
}

function labels(name: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/part-of": "shield",
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
const podSecurity = {
  runAsNonRoot: true,
  runAsUser: 999,
  runAsGroup: 999,
  fsGroup: 999,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};
const toolResources = {
  requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "1", memory: "512Mi", "ephemeral-storage": "1Gi" },
};
const s3Variables = [
  { name: "AWS_DEFAULT_REGION", value: "us-west-2" },
  { name: "AWS_EC2_METADATA_DISABLED", value: "true" },
  { name: "AWS_REGION", value: "us-west-2" },
];
const scriptsVolume = { name: "scripts", configMap: { name: "shield-backup-scripts", defaultMode: 0o444 } };
const scriptsMount = { name: "scripts", mountPath: "/opt/backup", readOnly: true };
const tmpVolume = { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } };
const tmpMount = { name: "tmp", mountPath: "/tmp" };
const checksum = expect.stringMatching(/^[0-9a-f]{8}$/) as string;

const internetAndPodIdentity = [
  {
    to: [
      {
        ipBlock: {
          cidr: "0.0.0.0/0",
          except: ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
        },
      },
    ],
    ports: [{ protocol: "TCP", port: 443 }],
  },
  { to: [{ ipBlock: { cidr: "169.254.170.23/32" } }], ports: [{ protocol: "TCP", port: 80 }] },
];

/** Rules without those for DNS, which every policy has first. */
function egressOf(policy: { spec: { egress: unknown[] } }): unknown[] {
  return policy.spec.egress.slice(1);
}

describe("Shield's backup", () => {
  it("is two CronJobs with an account and a policy each, and one ConfigMap", async () => {
    const recording = await record(() => declare());

    expect(recording.objects()).toEqual([
      "ConfigMap shield-backup-scripts",
      "CronJob shield-backup",
      "CronJob shield-restore-check",
      "NetworkPolicy shield-backup",
      "NetworkPolicy shield-restore-check",
      "ServiceAccount shield-backup",
      "ServiceAccount shield-restore-check",
    ]);
    expect(recording.resource("gatehouse:kubernetes:BackupCronJob", "shield").inputs).toEqual({});
    const parents = recording.resources.map(({ name, parent }) => [name, parent]);
    expect(Object.fromEntries(parents)).toMatchObject({
      "shield-backup-scripts": "shield",
      "shield-backup": "shield",
      "shield-backup-service-account": "shield-backup",
      "shield-backup-network": "shield-backup",
      "shield-backup-cron-job": "shield-backup",
      "shield-restore-check": "shield",
      "shield-restore-check-service-account": "shield-restore-check",
      "shield-restore-check-network": "shield-restore-check",
      "shield-restore-check-cron-job": "shield-restore-check",
    });
  });

  it("dumps the database daily to the bucket", async () => {
    const recording = await record(() => declare());

    expect(recording.object("CronJob", "shield-backup")).toEqual({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "shield-backup", namespace: "shield", labels: labels("shield-backup") },
      spec: {
        schedule: "0 2 * * *",
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: labels("shield-backup") },
          spec: {
            backoffLimit: 2,
            podFailurePolicy: ignoresDisruptions,
            activeDeadlineSeconds: 3600,
            template: {
              metadata: {
                labels: labels("shield-backup"),
                annotations: { ...keepsItsNode, "checksum/scripts": checksum },
              },
              spec: {
                restartPolicy: "Never",
                serviceAccountName: "shield-backup",
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                securityContext: podSecurity,
                containers: [
                  {
                    name: "backup",
                    image: "gcr.io/materi/backup:15.14",
                    command: ["/bin/sh", "/opt/backup/backup.sh"],
                    env: [
                      {
                        name: "DATABASE_URL",
                        valueFrom: { secretKeyRef: { name: "shield-secrets", key: "database-url" } },
                      },
                      ...s3Variables,
                      { name: "BACKUP_KEEP", value: "" },
                      { name: "BACKUP_LOCATION", value: "s3://materi-backups/shield" },
                      { name: "HOME", value: "/tmp" },
                    ],
                    resources: toolResources,
                    securityContext: restricted,
                    volumeMounts: [scriptsMount, tmpMount],
                  },
                ],
                volumes: [scriptsVolume, tmpVolume],
              },
            },
          },
        },
      },
    });
  });

  it("restores the newest copy daily, four hours later, into a server beside the check, without the database's address", async () => {
    const recording = await record(() => declare());
    const { spec } = recording.object("CronJob", "shield-restore-check");

    expect(spec).toMatchObject({
      schedule: "0 6 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 3600 });
    const connection = [
      { name: "PGDATABASE", value: "postgres" },
      { name: "PGHOST", value: "/run/scratch" },
      { name: "PGUSER", value: "postgres" },
    ];
    expect(spec.jobTemplate.spec.template).toEqual({
      metadata: {
        labels: labels("shield-restore-check"),
        annotations: { ...keepsItsNode, "checksum/scripts": checksum },
      },
      spec: {
        restartPolicy: "Never",
        serviceAccountName: "shield-restore-check",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: podSecurity,
        initContainers: [
          {
            name: "scratch-server",
            restartPolicy: "Always",
            image: "postgres:15.14",
            command: ["/bin/sh", "/opt/backup/scratch-server.sh"],
            env: [{ name: "PGDATA", value: "/var/lib/scratch/data" }, ...connection].sort((a, b) =>
              a.name < b.name ? -1 : 1,
            ),
            resources: {
              requests: { cpu: "250m", memory: "512Mi", "ephemeral-storage": "10Gi" },
              limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "11Gi" },
            },
            startupProbe: {
              exec: { command: ["pg_isready"] },
              periodSeconds: 2,
              timeoutSeconds: 5,
              failureThreshold: 60,
            },
            securityContext: restricted,
            volumeMounts: [
              scriptsMount,
              { name: "scratch-socket", mountPath: "/run/scratch" },
              { name: "scratch-data", mountPath: "/var/lib/scratch" },
            ],
          },
        ],
        containers: [
          {
            name: "restore-check",
            image: "gcr.io/materi/backup:15.14",
            command: ["/bin/sh", "/opt/backup/restore-check.sh"],
            env: [
              ...s3Variables,
              { name: "BACKUP_LOCATION", value: "s3://materi-backups/shield" },
              { name: "BACKUP_MAX_AGE", value: "93600" },
              {
                name: "CHECK_QUERY",
                value:
                  "select coalesce(bool_or(query_to_xml(format('select 1 from %I.%I limit 1', schemaname, tablename), false, true, '')::text like '%<row%'), false) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
              },
              { name: "HOME", value: "/tmp" },
              ...connection,
              { name: "SCRATCH_SETUP", value: "" },
            ],
            resources: toolResources,
            securityContext: restricted,
            volumeMounts: [scriptsMount, tmpMount, { name: "scratch-socket", mountPath: "/run/scratch" }],
          },
        ],
        volumes: [
          scriptsVolume,
          { name: "scratch-socket", emptyDir: { sizeLimit: "1Mi" } },
          { name: "scratch-data", emptyDir: { sizeLimit: "10Gi" } },
          tmpVolume,
        ],
      },
    });
  });

  it("reaches the database and the bucket, its check the bucket alone, and nobody reaches either", async () => {
    const recording = await record(() => declare());
    const backup = recording.object("NetworkPolicy", "shield-backup");
    const check = recording.object("NetworkPolicy", "shield-restore-check");

    expect(backup.spec.podSelector).toEqual({ matchLabels: { "app.kubernetes.io/name": "shield-backup" } });
    expect(check.spec.podSelector).toEqual({ matchLabels: { "app.kubernetes.io/name": "shield-restore-check" } });
    for (const { spec } of [backup, check]) {
      expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
      expect(spec.ingress).toEqual([]);
      expect(spec.egress[0]?.ports.map(({ port }) => port)).toEqual([53, 53]);
    }
    const database = { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] };
    expect(egressOf(backup)).toEqual([database, ...internetAndPodIdentity]);
    expect(egressOf(check)).toEqual(internetAndPodIdentity);
  });

  it("has accounts of its own, without a token of the API", async () => {
    const recording = await record(() => declare());
    for (const name of ["shield-backup", "shield-restore-check"]) {
      expect(recording.object("ServiceAccount", name)).toEqual({
        apiVersion: "v1",
        kind: "ServiceAccount",
        automountServiceAccountToken: false,
        metadata: {
          name,
          namespace: "shield",
          labels: labels(name),
          annotations: shield.serviceAccountAnnotations,
        },
      });
    }
  });

  it("mounts the scripts", async () => {
    const recording = await record(() => declare());
    const { metadata, data } = recording.object("ConfigMap", "shield-backup-scripts");

    expect(metadata).toEqual({
      name: "shield-backup-scripts",
      namespace: "shield",
      labels: labels("shield-backup"),
    });
    expect(Object.keys(data).sort()).toEqual([
      "backup.sh",
      "common.sh",
      "compare-rows.awk",
      "dump.sql",
      "restore-check.sh",
      "rows.sh",
      "rows.sql",
      "scratch-server.sh",
      "service-file.awk",
    ]);
    expect(data).toEqual(postgresScripts);
  });

  it("says what alerts need", async () => {
    let backup: BackupCronJob | undefined;
    await record(() => (backup = declare()));

    expect(backup?.backup).toEqual({ cronJob: "shield-backup", schedule: "0 2 * * *", maxAge: "1d2h" });
    expect(backup?.restoreCheck).toEqual({ cronJob: "shield-restore-check", schedule: "0 6 * * *", maxAge: "1d2h" });
  });
});

describe("options", () => {
  it("are taken over", async () => {
    let backup: BackupCronJob | undefined;
    const recording = await record(() => {
      backup = declareWith(
        {
          scratch: {
            image: "postgres:16.10",
            size: "50Gi",
            resources: { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "2", memory: "4Gi" } },
            setup: "do $$ begin create role app; end $$",
            checkQuery: "select count(*) > 0 from users where name <> $$x$$",
          },
          volumes: [{ name: "ca", mountPath: "/etc/rds", configMap: "rds-ca" }],
        },
        {
          destination: {
            s3: {
              bucket: "copies",
              prefix: "shield/prod",
              region: "eu-central-1",
              endpoint: "https://minio.example.com:9000",
              connectsTo: [{ name: "minio", port: 9000, pods: { namespace: "minio", labels: { app: "minio" } } }],
            },
          },
          schedule: "15 */6 * * *",
          timeZone: "Europe/Berlin",
          activeDeadlineSeconds: 1800,
          maxAge: "8h",
          keep: 30,
          identity: { user: 70 },
          resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
          restoreCheck: {
            schedule: "0 4 * * 0",
            activeDeadlineSeconds: 7200,
            serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/read" },
          },
          labels: { team: "identity", "app.kubernetes.io/name": "shield" },
        },
      );
    });
    const job = recording.object("CronJob", "shield-backup");
    const check = recording.object("CronJob", "shield-restore-check");
    const pod = job.spec.jobTemplate.spec.template.spec;
    const checkPod = check.spec.jobTemplate.spec.template.spec;
    const variables = (container: { env: { name: string; value: string }[] } | undefined): Record<string, string> =>
      Object.fromEntries(container?.env.map(({ name, value }) => [name, value]) ?? []);

    expect(job.spec).toMatchObject({ schedule: "15 */6 * * *", timeZone: "Europe/Berlin" });
    expect(check.spec).toMatchObject({ schedule: "0 4 * * 0", timeZone: "Europe/Berlin" });
    expect(job.spec.jobTemplate.spec.activeDeadlineSeconds).toBe(1800);
    expect(check.spec.jobTemplate.spec.activeDeadlineSeconds).toBe(7200);
    expect(job.metadata.labels).toEqual({ team: "identity", ...labels("shield-backup") });
    expect(job.spec.jobTemplate.spec.template.metadata.labels).toEqual(labels("shield-backup"));
    expect(pod.securityContext).toMatchObject({ runAsUser: 70, runAsGroup: 70, fsGroup: 70 });
    expect(pod.containers[0]?.resources.requests).toMatchObject({ cpu: "1", memory: "1Gi" });
    expect(pod.containers[0]?.volumeMounts).toContainEqual({ name: "ca", mountPath: "/etc/rds", readOnly: true });
    expect(variables(pod.containers[0])).toMatchObject({
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_ENDPOINT_URL_S3: "https://minio.example.com:9000",
      BACKUP_KEEP: "30",
      BACKUP_LOCATION: "s3://copies/shield/prod",
    });
    expect(variables(checkPod.containers[0])).toMatchObject({
      AWS_ENDPOINT_URL_S3: "https://minio.example.com:9000",
      BACKUP_MAX_AGE: "28800",
      // Two dollars would become one in the container.
      CHECK_QUERY: "select count(*) > 0 from users where name <> $$$$x$$$$",
      SCRATCH_SETUP: "do $$$$ begin create role app; end $$$$",
    });
    expect(checkPod.initContainers[0]).toMatchObject({
      image: "postgres:16.10",
      resources: {
        requests: { cpu: "1", memory: "2Gi", "ephemeral-storage": "50Gi" },
        limits: { cpu: "2", memory: "4Gi", "ephemeral-storage": "51Gi" },
      },
    });
    expect(recording.object("ServiceAccount", "shield-restore-check").metadata.annotations).toEqual({
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/read",
    });
    const toMinio = {
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "minio" } },
          podSelector: { matchLabels: { app: "minio" } },
        },
      ],
      ports: [{ protocol: "TCP", port: 9000 }],
    };
    expect(egressOf(recording.object("NetworkPolicy", "shield-restore-check"))).toEqual([toMinio]);
    expect(recording.objects()).toEqual(
      expect.arrayContaining([
        "NetworkPolicy minio-from-shield-backup",
        "NetworkPolicy minio-from-shield-restore-check",
      ]),
    );
    expect(backup?.backup.maxAge).toBe("8h");
    expect(backup?.restoreCheck.maxAge).toBe("7d3h");
  });

  it("wait for what the component depends on, and for the policies", async () => {
    const recording = await record(() => {
      const first = new core.ConfigMap("first", { metadata: { name: "first" } });
      declare({}, { dependsOn: first });
    });
    for (const name of ["shield-backup", "shield-restore-check"]) {
      expect(recording.resource("kubernetes:batch/v1:CronJob", `${name}-cron-job`).dependencies).toEqual(
        expect.arrayContaining(["first", `${name}-network-policy`]),
      );
    }
  });

  it("may be a bucket that is not known yet", async () => {
    const bucket = pulumi.unknown as unknown as string;
    const s3 = { bucket: pulumi.output(bucket), prefix: "shield", region: "us-west-2" };
    const recording = await record(() => declare({ destination: { s3 } }), { preview: true });
    const [container] = recording.object("CronJob", "shield-backup").spec.jobTemplate.spec.template.spec.containers;

    expect(container?.env.find(({ name }) => name === "BACKUP_LOCATION")?.value).toBe(unknown);
  });
});

describe("identities, endpoints and scratch space", () => {
  const s3 = { bucket: "materi-backups", prefix: "shield", region: "us-west-2" };
  type Recording = Awaited<ReturnType<typeof record>>;
  const variables = (recording: Recording, cronJob: string): Record<string, unknown> => {
    const [container] = recording.object("CronJob", cronJob).spec.jobTemplate.spec.template.spec.containers;
    return Object.fromEntries(container?.env.map(({ name, ...source }) => [name, Object.values(source)[0]]) ?? []);
  };

  it("the backup writes and the restore check reads, each with its own role", async () => {
    const [write, read] = ["write", "read"].map((role) => `arn:aws:iam::123456789012:role/${role}`);
    const recording = await record(() =>
      declare({
        serviceAccountAnnotations: {},
        cloudIdentity: { awsRoleArn: write },
        restoreCheck: { cloudIdentity: { awsRoleArn: read } },
      }),
    );
    const annotationsOf = (name: string): unknown => recording.object("ServiceAccount", name).metadata.annotations;
    expect(annotationsOf("shield-backup")).toEqual({ "eks.amazonaws.com/role-arn": write });
    expect(annotationsOf("shield-restore-check")).toEqual({ "eks.amazonaws.com/role-arn": read });
  });

  it("each has its own access key, and no way to Pod Identity", async () => {
    const key = (secret: string) => ({ id: { secret, key: "id" }, secret: { secret, key: "secret" } });
    const destination = { s3: { ...s3, accessKey: key("writer"), readAccessKey: key("reader") } };
    const recording = await record(() => declare({ destination }));
    const from = (name: string, key: string) => ({ secretKeyRef: { name, key } });
    expect(variables(recording, "shield-backup")).toMatchObject({
      AWS_ACCESS_KEY_ID: from("writer", "id"),
      AWS_SECRET_ACCESS_KEY: from("writer", "secret"),
    });
    expect(variables(recording, "shield-restore-check")).toMatchObject({
      AWS_ACCESS_KEY_ID: from("reader", "id"),
      AWS_SECRET_ACCESS_KEY: from("reader", "secret"),
    });
    expect(JSON.stringify(recording.object("NetworkPolicy", "shield-restore-check"))).not.toContain("169.254.170.23");
  });

  it.each<[string, string | undefined]>([
    ["https://minio.example.com:9000", "when_required"],
    ["https://storage.googleapis.com", "when_required"],
    ["https://s3.amazonaws.com.example.com", "when_required"],
    ["https://bucket.vpce-0a1b2c3d-4e5f.s3.us-west-2.vpce.amazonaws.com", "when_supported"],
  ])("checksums at %s: %s", async (endpoint, mode) => {
    for (const given of [endpoint, pulumi.output(endpoint)]) {
      const recording = await record(() => declare({ destination: { s3: { ...s3, endpoint: given } } }));
      expect(variables(recording, "shield-backup")).toMatchObject({
        AWS_REQUEST_CHECKSUM_CALCULATION: mode,
        AWS_RESPONSE_CHECKSUM_VALIDATION: mode,
      });
    }
  });

  it("a restored database on a volume asks nothing of the node's disk", async () => {
    const scratch = { image: "postgres:15.14", size: "200Gi", claim: { storageClass: "fast" } };
    const recording = await record(() => declareWith({ scratch }));
    const pod = recording.object("CronJob", "shield-restore-check").spec.jobTemplate.spec.template.spec;
    expect(pod.volumes).toContainEqual({
      name: "scratch-data",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "200Gi" } },
          },
        },
      },
    });
    expect(pod.initContainers[0]?.volumeMounts).toContainEqual({ name: "scratch-data", mountPath: "/var/lib/scratch" });
    expect(pod.initContainers[0]?.resources).toMatchObject({
      requests: { "ephemeral-storage": "64Mi" },
      limits: { "ephemeral-storage": "1Gi" },
    });
  });

  it.each<[string, Partial<BackupCronJobArgs>, string]>([
    [
      "one role for both",
      { serviceAccountAnnotations: {}, cloudIdentity: { awsRoleArn: "arn:aws:iam::123456789012:role/write" } },
      "shield (BackupCronJob).restoreCheck.cloudIdentity: the restore check has no identity to read the copies with",
    ],
    [
      "one access key",
      {
        destination: {
          s3: { ...s3, accessKey: { id: { secret: "a", key: "id" }, secret: { secret: "a", key: "secret" } } },
        },
      },
      "shield (BackupCronJob).destination.s3.readAccessKey: the backup and the restore check each need an access key",
    ],
    [
      "a role that is not one",
      { serviceAccountAnnotations: {}, cloudIdentity: { awsRoleArn: "write" }, restoreCheck: { cloudIdentity: {} } },
      "shield (BackupCronJob).cloudIdentity.awsRoleArn: not a cloud identity",
    ],
    [
      "a role said twice",
      {
        cloudIdentity: { awsRoleArn: "arn:aws:iam::123456789012:role/write" },
        serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/other" },
        restoreCheck: { cloudIdentity: {} },
      },
      "shield (BackupCronJob).cloudIdentity.awsRoleArn: the annotation eks.amazonaws.com/role-arn gives the identity a second time",
    ],
  ])("%s is refused", async (_, args, message) => {
    expect((await refusal(() => declare(args))).split("\n")[0]).toBe(message);
  });
});

describe("what cannot be meant is refused", () => {
  const s3 = { bucket: "materi-backups", prefix: "shield", region: "us-west-2" };
  const scratch = { image: "postgres:15.14" };

  it.each<[string, () => unknown, string[]]>([
    [
      "no source",
      () => declare({ source: {} }),
      ["shield (BackupCronJob).source: there is no source to back up", "  expected: postgres or redis"],
    ],
    [
      "no destination",
      () => declare({ destination: {} }),
      ["shield (BackupCronJob).destination: the copies have no destination", "  expected: s3 or claim"],
    ],
    [
      "an image that is not pinned",
      () => declare({ image: "gcr.io/materi/backup" }),
      [
        "shield (BackupCronJob).image: the image is not pinned",
        "  value:    gcr.io/materi/backup",
        '  expected: a tag other than "latest", or a digest',
        "  fix:      for example gcr.io/materi/backup:VERSION",
      ],
    ],
    [
      "an image that is not pinned, found out late",
      () => declare({ image: pulumi.output("gcr.io/materi/backup:latest") }),
      [
        "shield (BackupCronJob).image: the image is not pinned",
        "  value:    gcr.io/materi/backup:latest",
        '  expected: a tag other than "latest", or a digest',
        "  fix:      for example gcr.io/materi/backup:VERSION",
      ],
    ],
    [
      "a scratch image that is not pinned",
      () => declareWith({ scratch: { image: "postgres:latest" } }),
      [
        "shield (BackupCronJob).source.postgres.scratch.image: the image is not pinned",
        "  value:    postgres:latest",
        '  expected: a tag other than "latest", or a digest',
        "  fix:      for example postgres:VERSION",
      ],
    ],
    [
      "a scratch size that is no quantity",
      () => declareWith({ scratch: { ...scratch, size: "10 GB" } }),
      [
        "shield (BackupCronJob).source.postgres.scratch.size: a quantity has no white space",
        "  value:    10 GB",
        "  expected: a number with one of the units n u m k M G T P E, Ki Mi Gi Ti Pi Ei, an exponent such as e3, or none",
        "  fix:      use 10GB",
      ],
    ],
    [
      "a schedule with seconds",
      () => declare({ schedule: "0 0 2 * * *" }),
      [
        "shield (BackupCronJob).schedule: not a schedule: it has 6 fields",
        "  value:    0 0 2 * * *",
        '  expected: the five fields minute, hour, day of the month, month, day of the week, such as "0 2 * * *"',
      ],
    ],
    [
      "a restore check's hour that there is not",
      () => declare({ restoreCheck: { schedule: "0 24 * * *" } }),
      [
        "shield (BackupCronJob).restoreCheck.schedule: not a schedule: 24 is not a valid hour, from 0 to 23",
        "  value:    0 24 * * *",
        '  expected: the five fields minute, hour, day of the month, month, day of the week, such as "0 2 * * *"',
      ],
    ],
    [
      "an unknown time zone",
      () => declare({ timeZone: "PST8" }),
      [
        "shield (BackupCronJob).timeZone: not a time zone",
        "  value:    PST8",
        "  expected: a name of the time zone database, with its capital letters, such as Etc/UTC or Europe/Berlin",
      ],
    ],
    [
      "an age that a good backup exceeds",
      () => declare({ maxAge: "24h" }),
      [
        "shield (BackupCronJob).maxAge: the newest backup reaches this age although no run has failed",
        "  value:    24h",
        "  expected: at least 1d2h: 1d from one run to the next, 1h until it starts, 1h until it ends",
        "  fix:      raise maxAge, lower activeDeadlineSeconds, or back up more often",
      ],
    ],
    [
      "an age without a unit",
      () => declare({ maxAge: "26" }),
      [
        "shield (BackupCronJob).maxAge: the duration has no unit",
        "  value:    26",
        "  expected: whole numbers with the units y w d h m s ms in this order, such as 90s, 5m, 1h30m or 30d",
        "  fix:      for example 26s",
      ],
    ],
    [
      "no copy to keep",
      () => declare({ keep: 0 }),
      ["shield (BackupCronJob).keep: not a number of copies", "  value:    0", "  expected: a whole number, 1 or more"],
    ],
    [
      "no time to run",
      () => declare({ restoreCheck: { activeDeadlineSeconds: 0 } }),
      [
        "shield (BackupCronJob).restoreCheck.activeDeadlineSeconds: not a number of seconds",
        "  value:    0",
        "  expected: a whole number, 1 or more",
      ],
    ],
    [
      "a bucket that cannot be",
      () => declare({ destination: { s3: { ...s3, bucket: "Materi_Backups" } } }),
      [
        "shield (BackupCronJob).destination.s3.bucket: the name has characters that are not allowed there",
        "  value:    Materi_Backups",
        "  expected: lower-case letters, digits, hyphens and dots, with a letter or digit at both ends",
        "  fix:      use materi-backups",
      ],
    ],
    [
      "a bucket that cannot be, found out late",
      () => declare({ destination: { s3: { ...s3, bucket: pulumi.output("ab") } } }),
      [
        "shield (BackupCronJob).destination.s3.bucket: the name is 2 characters long",
        "  value:    ab",
        "  expected: 3 to 63 characters",
      ],
    ],
    [
      "a prefix with a slash at its end",
      () => declare({ destination: { s3: { ...s3, prefix: "shield/" } } }),
      [
        "shield (BackupCronJob).destination.s3.prefix: not a prefix that keys can have",
        "  value:    shield/",
        "  expected: letters, digits and _!.*'()-, in parts separated by single slashes, such as shield/prod",
      ],
    ],
    [
      "a destination in clear text",
      () => declare({ destination: { s3: { ...s3, endpoint: "http://minio:9000" } } }),
      [
        "shield (BackupCronJob).destination.s3.endpoint: not an address that a copy of the data may be sent to",
        "  value:    http://minio:9000",
        "  expected: https:// and a host, with a port if it is not 443",
      ],
    ],
    [
      "root",
      () => declare({ identity: { user: 0 } }),
      [
        "shield-backup (ScheduledJob).identity.user: the pod must run as a non-root numeric user",
        "  value:    0",
        "  expected: a user id above 0",
      ],
    ],
  ])("%s", async (_, program, message) => {
    expect(await refusal(program)).toBe(message.join("\n"));
  });

  it("all of it at once", async () => {
    const message = await refusal(() => declare({ schedule: "daily", keep: 1.5, timeZone: "Mars" }));
    expect(message.split("\n")[0]).toBe("3 problems");
  });

  it("a second backup of the same name", async () => {
    const message = await refusal(() => {
      declare();
      new BackupCronJob("shield", shield);
    });
    expect(message).toContain("has already made the ConfigMap of this name");
  });
});
