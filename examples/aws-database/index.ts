import {
  AlarmTopic,
  CloudWatchAlarms,
  LoadBalancer,
  LoadBalancerScheme,
  LogBucket,
  RdsPostgres,
  type SubnetArgs,
} from "@gatehouse/aws";
import { ExternalSecrets, RestrictedNamespace, TargetGroupBinding, Workload } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const vpcId = config.require("vpcId");
const privateSubnets = config.requireObject<SubnetArgs[]>("privateSubnets");
const publicSubnets = config.requireObject<SubnetArgs[]>("publicSubnets");
const nodes = { id: config.require("nodeSecurityGroup") };
const replicas = 3;

const database = new RdsPostgres("orders-db", {
  region,
  vpcId,
  subnets: privateSubnets,
  engineVersion: "17",
  instanceClass: "db.t4g.medium",
  databaseName: "orders",
  userName: "orders",
  clients: [{ poolSize: 5, overflow: 5, maxInstances: replicas }],
  // The network policy below lets pods out, and this lets them in: their traffic leaves from the nodes' group.
  admits: [{ name: "nodes of the cluster", securityGroup: nodes }],
});

const { namespace } = new RestrictedNamespace("orders");
const secrets = new ExternalSecrets("orders", {
  namespace,
  store: { name: config.require("secretStore") },
  data: { password: { key: database.secretArn, property: "password" } },
});

const workload = new Workload("orders", {
  namespace,
  image: config.require("image"),
  replicas,
  ports: [{ name: "http", port: 8080 }],
  // The link opens the way to the database's subnets and sets POSTGRES_HOST, _PORT, _DB, _USER and _SSLMODE. The
  // password takes the place of the reference to Secrets Manager, which a pod cannot read.
  connectsTo: [database.endpoint],
  environment: { secrets: { POSTGRES_PASSWORD: secrets.key("password") } },
  identity: { user: 10001 },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  readiness: { path: "/ready" },
});

const logs = new LogBucket("orders-logs", { region, bucketName: config.require("logBucket") });
const balancer = new LoadBalancer("orders", {
  region,
  vpcId,
  subnets: publicSubnets,
  scheme: LoadBalancerScheme.InternetFacing,
  accessLogs: logs.accessLogs,
  dns: { zoneId: config.require("zoneId"), names: [config.require("host")] },
  targets: {
    web: { port: 8080, healthPath: "/ready", addresses: privateSubnets.map(({ cidr }) => ({ cidr })) },
  },
});

new TargetGroupBinding("orders-alb", {
  target: workload.target,
  targetGroupArn: balancer.targetGroupArn("web"),
  securityGroupId: balancer.securityGroupId,
  subnetCidrs: publicSubnets.map(({ cidr }) => cidr),
});

const { topic } = new AlarmTopic("oncall", { region, emails: [config.require("oncall")] });
new CloudWatchAlarms("orders", {
  region,
  topic,
  databases: { db: database.monitored },
  loadBalancers: { edge: balancer.monitored },
  certificates: { edge: balancer.certificateArn },
});

export const { url } = balancer;
export const { masterSecretArn } = database;
