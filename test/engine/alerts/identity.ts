import type { AlertCase } from "./alertCase.ts";

/** What the cloud's resources are called, which its metrics are told apart by. */
export const names = {
  project: "agent-foundry-prod",
  service: "af-identity-service",
  redis: "af-identity-redis",
  /** Without the suffix that it gets when it is created. */
  database: "af-identity-db",
};

const revision = (service: string) =>
  `monitored_resource="cloud_run_revision",service_name="${service}",revision_name="${service}-00001"`;
const requests = (code: string, service = names.service) =>
  `run_googleapis_com:request_count{${revision(service)},response_code="${code}",response_code_class="${code.charAt(0)}xx"}`;
const bucket = (le: string, service = names.service) =>
  `run_googleapis_com:request_latencies_bucket{${revision(service)},response_code_class="2xx",le="${le}"}`;
const backends = (instance: string, database = "identity") =>
  `cloudsql_googleapis_com:database_postgresql_num_backends{monitored_resource="cloudsql_database",database_id="${names.project}:${instance}",database="${database}"}`;
const uptime = (role: string, redis = names.redis) =>
  `redis_googleapis_com:server_uptime{monitored_resource="redis_instance",instance_id="projects/${names.project}/locations/us-central1/instances/${redis}",node_id="node-0",role="${role}"}`;

/** Series of requests of which so many of a hundred thousand a minute take longer than half a second. */
const slow = (count: number, service = names.service) => ({
  [bucket("500", service)]: `0+${100_000 - count}x30`,
  [bucket("1000", service)]: "0+100000x30",
  [bucket("+Inf", service)]: "0+100000x30",
});

/** What makes the conditions of Identity's alert policies hold, and what does not. */
export const identity: Record<string, AlertCase> = {
  IdentityHighErrorRate: {
    interval: "1m",
    fires: {
      "more than 5 % fail": {
        series: { [requests("200")]: "0+9499x30", [requests("500")]: "0+301x30", [requests("503")]: "0+200x30" },
        since: "1m",
      },
    },
    quiet: {
      "less than 5 % fail": { [requests("200")]: "0+9501x30", [requests("503")]: "0+499x30" },
      "clients are at fault": { [requests("200")]: "0+10x30", [requests("404")]: "0+90x30" },
      "nobody asks": { [requests("200")]: "90x30", [requests("503")]: "10x30" },
      "another service fails": { [requests("200")]: "0+100x30", [requests("503", "billing")]: "0+100x30" },
      "there is nothing": {},
    },
    until: "25m",
  },
  IdentityHighLatency: {
    interval: "1m",
    fires: { "more than one in twenty is slow": { series: slow(5050), since: "1m" } },
    quiet: {
      "less than one in twenty is slow": slow(4999),
      "nobody asks": { [bucket("500")]: "0x30", [bucket("1000")]: "100x30", [bucket("+Inf")]: "100x30" },
      "another service is slow": { ...slow(0), ...slow(100_000, "billing") },
    },
    until: "25m",
  },
  IdentityDatabaseConnections: {
    interval: "1m",
    fires: {
      "321 of 400": {
        series: {
          [backends(`${names.database}-0a1b`)]: "300x9 320x20",
          [backends(`${names.database}-0a1b`, "postgres")]: "1x30",
        },
        since: "10m",
      },
    },
    quiet: {
      "320 of 400": {
        [backends(`${names.database}-0a1b`)]: "319x30",
        [backends(`${names.database}-0a1b`, "postgres")]: "1x30",
      },
      "more for less than five minutes": { [backends(`${names.database}-0a1b`)]: "300x9 400x4 300x20" },
      "those of another instance": {
        [backends(`${names.database}-0a1b`)]: "10x30",
        [backends(`${names.database}-0a1b-replica`)]: "400x30",
        [backends("billing-db")]: "400x30",
      },
    },
    until: "25m",
  },
  IdentityRedisUnavailable: {
    interval: "1m",
    fires: {
      "there is no primary any more": {
        series: { [uptime("primary")]: "1000+60x9 stale", [uptime("replica")]: "1000+60x30" },
        since: "10m",
        alerts: [{ labels: { monitored_resource: "redis_instance", role: "primary" } }],
      },
      "another Redis has one": {
        series: { [uptime("primary")]: "1000+60x9 stale", [uptime("primary", "billing-redis")]: "1000+60x30" },
        since: "10m",
        alerts: [{ labels: { monitored_resource: "redis_instance", role: "primary" } }],
      },
    },
    quiet: {
      "there is one": { [uptime("primary")]: "1000+60x30" },
      "a replica takes over within five minutes": {
        [uptime("primary")]: "1000+60x9 stale",
        [uptime("primary").replace("node-0", "node-1")]: "_x14 2000+60x20",
      },
    },
    until: "25m",
  },
};
