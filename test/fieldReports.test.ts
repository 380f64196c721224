import { BackupCronJob, RedisHA, Workload, type WorkloadArgs } from "@gatehouse/kubernetes";
import { CloudRunService, CloudSqlDb } from "@gatehouse/gcp";
import { expect, test } from "vitest";
import { workload } from "../packages/kubernetes/test/support/examples.ts";
import { type Recording, record, refusal } from "../packages/kubernetes/test/support/record.ts";

// The reports are in docs/field-reports.md, in this order.

const place = { project: "shop-prod", region: "europe-west1" };
const password = { secret: "redis", key: "password" };

const recordWorkload = (args: Partial<WorkloadArgs> = {}): Promise<Recording> =>
  record(() => new Workload("orders", { ...workload, ...args }));

const recordRedis = (maxmemory: string): Promise<Recording> =>
  record(() => {
    const resources = { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "1", memory: "512Mi" } };
    new RedisHA("cart", { namespace: "shop", password, maxmemory, resources });
  });

const podOf = async (recording: Promise<Recording>) =>
  (await recording).object("Deployment", "orders").spec.template.spec;

test("replicas are the autoscaler's", async () => {
  const recording = await recordWorkload({
    replicas: undefined,
    scaling: { minReplicas: 2, maxReplicas: 8, cpuPercent: 70 },
  });
  expect(recording.object("Deployment", "orders").spec).not.toHaveProperty("replicas");
  expect(recording.object("HorizontalPodAutoscaler", "orders").spec).toMatchObject({ minReplicas: 2, maxReplicas: 8 });
  const both = () =>
    new Workload("orders", { ...workload, replicas: 3, scaling: { minReplicas: 2, maxReplicas: 8, cpuPercent: 70 } });
  expect(await refusal(both)).toMatch(/^orders \(Workload\)\.replicas: /);
});

test("pods are spread among those of their own template", async () => {
  const { topologySpreadConstraints } = await podOf(recordWorkload());
  expect(topologySpreadConstraints.map(({ topologyKey, matchLabelKeys }) => [topologyKey, matchLabelKeys])).toEqual([
    ["topology.kubernetes.io/zone", ["pod-template-hash"]],
    ["kubernetes.io/hostname", ["pod-template-hash"]],
  ]);
});

test("no Service puts its variables into pods", async () => {
  expect(await podOf(recordWorkload())).toMatchObject({ enableServiceLinks: false });
});

test("a setting that changes rolls the pods", async () => {
  const template = async (maxmemory: string) =>
    (await recordRedis(maxmemory)).object("StatefulSet", "cart-server").spec.template.metadata.annotations;
  const first = await template("256Mi");
  expect(Object.keys(first)).toContain("checksum/files");
  expect(await template("256Mi")).toEqual(first);
  expect((await template("128Mi"))["checksum/files"]).not.toBe(first["checksum/files"]);
});

test("the kubelet has a limit for what a pod writes to the node's disk", async () => {
  const { containers, volumes } = await podOf(recordWorkload({ temporaryDirectories: ["/tmp"] }));
  expect(volumes).toEqual([{ name: "tmp", emptyDir: {} }]);
  expect(containers.map(({ resources }) => resources)).toMatchObject([
    { requests: { "ephemeral-storage": "64Mi" }, limits: { "ephemeral-storage": "1Gi" } },
  ]);
});

test("a budget never blocks a drain", async () => {
  const { spec } = (await recordWorkload()).object("PodDisruptionBudget", "orders");
  expect(spec).toMatchObject({ maxUnavailable: 1 });
  expect(spec).not.toHaveProperty("minAvailable");
  const blocked = () => new Workload("orders", { ...workload, replicas: 1, disruptionBudget: { minAvailable: 1 } });
  expect(await refusal(blocked)).toMatch(/^orders \(Workload\)\.disruptionBudget: .* a drain of a node never ends\n/);
});

test("a CronJob starts again after a pause, and a backup is read back whole before it gets its name", async () => {
  const recording = await record(() => {
    const server = { name: "database", port: 5432, addresses: [{ cidr: "10.20.0.0/16" }] };
    const url = { secret: "orders", key: "database-url" };
    new BackupCronJob("orders", {
      namespace: "shop",
      image: "registry.example.com/backup:15.14",
      source: { postgres: { url, server, scratch: { image: "postgres:15.14" } } },
      destination: { s3: { bucket: "shop-backups", prefix: "orders", region: "us-west-2" } },
    });
  });
  for (const name of ["orders-backup", "orders-restore-check"])
    expect(recording.object("CronJob", name).spec).toMatchObject({ startingDeadlineSeconds: 3600 });

  const scripts = recording.resources.find(({ inputs }) => inputs.kind === "ConfigMap")?.inputs.data;
  const text = Object.values(scripts as Record<string, string>).join("\n");
  const steps = [
    'require dumped "pg_dump did not finish',
    'require read "the dump cannot be read back',
    'publish "$name"',
  ].map((step) => text.indexOf(step));
  expect(steps).not.toContain(-1);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

test("each server of Redis announces the address of a Service of its own", async () => {
  const recording = await recordRedis("256Mi");
  const services = recording.objects().filter((object) => object.startsWith("Service cart-announce-"));
  expect(services).toEqual(["Service cart-announce-0", "Service cart-announce-1", "Service cart-announce-2"]);
});

test("Cloud Run reads a secret by the number of its version", async () => {
  const secrets = { API_KEY: { secret: "api-key", version: "latest" } };
  const image = "europe-west1-docker.pkg.dev/shop-prod/shop/orders:1.4.2";
  expect(await refusal(() => new CloudRunService("orders", { ...place, image, environment: { secrets } }))).toMatch(
    /^orders \(CloudRunService\)\.environment\.secrets\.API_KEY\.version: the version of the secret is not pinned\n/,
  );
});

test("an instance of Cloud SQL has a name that nothing had before", async () => {
  const recording = await record(
    () =>
      new CloudSqlDb("orders", {
        ...place,
        network: "projects/shop-prod/global/networks/default",
        databaseVersion: "POSTGRES_15",
        tier: "db-custom-2-7680",
        databaseName: "orders",
        userName: "orders",
      }),
    { computed: ({ type }) => (type === "random:index/randomId:RandomId" ? { hex: "4f2a" } : {}) },
  );
  const { inputs } = recording.resource("gcp:sql/databaseInstance:DatabaseInstance", "orders");
  expect(inputs.name).toBe("orders-4f2a");
  const suffix = recording.resource("random:index/randomId:RandomId", "orders-suffix");
  expect(suffix.inputs).toEqual({ byteLength: 2, keepers: { region: "europe-west1" } });
});
