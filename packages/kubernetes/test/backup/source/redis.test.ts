import { describe, expect, it } from "vitest";
import { BackupCronJob, type BackupCronJobArgs, RedisHA } from "../../../src/index.ts";
import { record, refusal } from "../../support/record.ts";

const backup = (overrides: Partial<BackupCronJobArgs> = {}) => {
  const redis = new RedisHA("atb-redis", {
    namespace: "atb",
    password: { secret: "atb-redis-password", key: "password" },
  });
  return new BackupCronJob("atb-redis", {
    namespace: "atb",
    image: "redis:7.2.11-alpine",
    schedule: "17 * * * *",
    keep: 25,
    source: { redis: redis.backupSource },
    destination: { claim: { name: "atb-copies", directory: "redis" } },
    ...overrides,
  });
};

describe("the copies of a RedisHA", () => {
  it("come from its pods to a volume, every hour, and 25 are kept", async () => {
    const recording = await record(() => backup());
    const { schedule, jobTemplate } = recording.object("CronJob", "atb-redis-backup").spec;
    const { containers, volumes } = jobTemplate.spec.template.spec;
    expect(schedule).toBe("17 * * * *");
    expect(containers[0]?.env).toEqual([
      { name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: "atb-redis-password", key: "password" } } },
      { name: "BACKUP_KEEP", value: "25" },
      { name: "BACKUP_LOCATION", value: "/var/lib/copies/redis" },
      { name: "HOME", value: "/var/lib/scratch" },
      { name: "REDIS_CA", value: "" },
      { name: "REDIS_HOSTS", value: "atb-redis-announce-0 atb-redis-announce-1 atb-redis-announce-2" },
      { name: "TMPDIR", value: "/var/lib/scratch" },
    ]);
    expect(volumes).toEqual([
      { name: "scripts", configMap: { name: "atb-redis-backup-scripts", defaultMode: 0o444 } },
      { name: "scratch", emptyDir: { sizeLimit: "4Gi" } },
      { name: "copies", persistentVolumeClaim: { claimName: "atb-copies" } },
    ]);
  });

  it("may reach the servers and nothing else", async () => {
    const recording = await record(() => backup());
    const { egress } = recording.object("NetworkPolicy", "atb-redis-backup").spec;
    expect(egress.slice(1)).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "atb" } },
            podSelector: { matchLabels: { "app.kubernetes.io/name": "atb-redis-server" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
    expect(recording.object("NetworkPolicy", "atb-redis-restore-check").spec.egress).toHaveLength(1);
  });
});

describe("bad input", () => {
  const server = { name: "redis", port: 6379, addresses: [{ cidr: "10.0.0.1/32" }] };
  const redis = { hosts: ["redis"], server, password: { secret: "redis", key: "password" } };
  const s3 = { bucket: "copies", prefix: "redis", region: "eu-central-1" };

  it.each<[string, Partial<BackupCronJobArgs>, string[]]>([
    [
      "no host",
      { source: { redis: { ...redis, hosts: [] } } },
      ["source.redis.hosts: there is no server to copy", "  expected: one host or more"],
    ],
    [
      "a host with a port",
      { source: { redis: { ...redis, hosts: ["redis:6379"] } } },
      [
        "source.redis.hosts: not the name of a host",
        "  value:    redis:6379",
        "  expected: a DNS name or an address, without a port",
      ],
    ],
    [
      "fewer than no entries",
      { source: { redis: { ...redis, leastEntries: -1 } } },
      ["source.redis.leastEntries: not a number of entries", "  value:    -1", "  expected: a whole number, 0 or more"],
    ],
    [
      "two destinations",
      { destination: { s3, claim: { name: "atb-copies" } } },
      ["destination: the copies have two destinations", "  expected: s3 or claim, not both"],
    ],
    [
      "a directory outside the volume",
      { destination: { claim: { name: "atb-copies", directory: "../redis" } } },
      [
        "destination.claim.directory: not a directory on the volume",
        "  value:    ../redis",
        "  expected: letters, digits and ._-, in parts separated by single slashes, such as redis/prod",
      ],
    ],
  ])("%s", async (_, overrides, [first = "", ...rest]) => {
    const message = await refusal(() => backup(overrides));
    expect(message).toBe([`atb-redis (BackupCronJob).${first}`, ...rest].join("\n"));
  });
});
