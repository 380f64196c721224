import { CloudRunService, CloudSqlDb, Ingress, PublicAccess } from "@gatehouse/gcp";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const place = { project: config.require("project"), region: "europe-west1" };
const maxInstances = 3;

const database = new CloudSqlDb("orders-db", {
  ...place,
  network: config.require("network"),
  databaseVersion: "POSTGRES_17",
  edition: "ENTERPRISE",
  tier: "db-custom-1-3840",
  databaseName: "orders",
  userName: "orders",
  clients: [{ poolSize: 5, overflow: 5, maxInstances }],
});

const service = new CloudRunService("orders", {
  ...place,
  image: config.require("image"),
  maxInstances,
  startup: { path: "/ready" },
  vpcAccess: { connector: config.require("connector") },
  connectsTo: [database.endpoint],
  ingress: Ingress.All,
  publicAccess: PublicAccess.AllUsers,
});

export const { url } = service;
