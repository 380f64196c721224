import {
  CloudRunJob,
  CloudRunService,
  type CloudRunServiceArgs,
  CloudSqlDb,
  type CloudSqlDbArgs,
  MemorystoreRedis,
  SecretBundle,
  ServiceIdentity,
  UptimeCheck,
} from "@gatehouse/gcp";
import * as pulumi from "@pulumi/pulumi";

const place = { project: "shop-prod", region: "europe-west1" };
const network = "projects/shop-prod/global/networks/default";
const image = "europe-west1-docker.pkg.dev/shop-prod/shop/orders:1.4.2";

const database: CloudSqlDbArgs = {
  ...place,
  network,
  databaseVersion: "POSTGRES_15",
  tier: "db-custom-2-7680",
  databaseName: "orders",
  userName: "orders",
};
const service: CloudRunServiceArgs = { ...place, image };

/** Programs that must fail, by what is wrong with them. */
export const programs: Record<string, () => void> = {
  "service-name": () => new CloudRunService("orders", { ...service, serviceName: "Orders_Service" }),
  "instance-name": () => new CloudSqlDb("orders", { ...database, instanceName: "o".repeat(64) }),
  "account-id": () => new ServiceIdentity("orders", { project: place.project, accountId: "shop" }),
  "job-name": () => new CloudRunJob("orders", { ...place, image, jobName: "o".repeat(55) }),
  "odd-cpus": () => new CloudSqlDb("orders", { ...database, tier: "db-custom-3-7680" }),
  "memory-per-cpu": () => new CloudSqlDb("orders", { ...database, tier: "db-custom-2-16384" }),
  "no-edition": () => new CloudSqlDb("orders", { ...database, databaseVersion: "POSTGRES_16" }),
  "memory-for-cpu": () => new CloudRunService("orders", { ...service, cpu: "1", memory: "8Gi" }),
  "regional-without-backups": () => new CloudSqlDb("orders", { ...database, backups: false }),
  "redis-port": () => new MemorystoreRedis("orders", { ...place, network, port: 6379 }),
  "unpinned-secret": () => {
    const secrets = { API_KEY: { secret: "api-key", version: "latest" } };
    new CloudRunService("orders", { ...service, environment: { secrets } });
  },
  "maintenance-hour": () => new CloudSqlDb("orders", { ...database, maintenance: { hour: 3 } }),
  "uptime-path": () => {
    // An Output, as a service's own address is.
    const host = pulumi.output("orders-abc123-ew.a.run.app");
    new UptimeCheck("orders", { project: place.project, host, path: "/healthz" });
  },
  "secret-variable": () => {
    const values = { API_KEY: pulumi.secret("correct-horse-battery-staple") };
    new CloudRunService("orders", { ...service, environment: { values } });
  },
  "unpinned-image": () => new CloudRunService("orders", { ...service, image: pulumi.output("shop/orders:latest") }),
  "no-way-in": () => {
    const { endpoint } = new CloudSqlDb("orders-db", database);
    new CloudRunService("orders", { ...service, connectsTo: [endpoint] });
  },
  "two-ways-in": () => {
    const vpcAccess = { connector: "projects/shop-prod/locations/europe-west1/connectors/shop", subnetwork: "shop" };
    new CloudRunService("orders", { ...service, vpcAccess });
  },
  "wide-role": () =>
    new ServiceIdentity("orders", { project: place.project, roles: ["roles/secretmanager.secretAccessor"] }),
  "no-readable-version": () => {
    const secrets = { "api-key": { versions: [{ value: "correct-horse-battery-staple", enabled: false }] } };
    new SecretBundle("orders", { project: place.project, secrets });
  },
};
