import {
  checkBytes,
  checkPinned,
  type Endpoint,
  type EnvironmentArgs,
  mergeEnvironments,
  type Problem,
} from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../../pod/container/container.ts";
import type { SecretRefArgs } from "../../pod/container/secretRef.ts";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import type { VolumeArgs } from "../../pod/container/volume.ts";
import type { BackupKind, BackupTools } from "./kind.ts";
import { postgresScripts } from "./postgresScripts.ts";
import { type ScratchClaimArgs, scratchDisk, scratchVolume } from "./scratch.ts";

/**
 * A PostgreSQL database, copied by `pg_dump --format=custom`. The number of rows of each table is counted in the dump's
 * own snapshot and kept beside it, so a backup reads each table twice and opens two connections.
 */
export interface PostgresBackupArgs {
  /**
   * Where the database's URL is: `postgresql://user:password@host:5432/database`, its parts percent-encoded. The role
   * must be able to read everything, also past row-level security.
   */
  url: SecretRefArgs;
  /** The server, for the network policies. */
  server: Endpoint;
  /** The server into which the restore check restores. */
  scratch: ScratchPostgresArgs;
  /**
   * Further volumes of the container that runs pg_dump, such as the certificates that the URL's `sslrootcert` names.
   * @default none
   */
  volumes?: VolumeArgs[];
}

/** A PostgreSQL server beside the restore check, reached by a Unix socket and gone with the pod. */
export interface ScratchPostgresArgs {
  /**
   * Image of the server, such as `postgres:15.14`: of the database's major version or a newer one, with the extensions
   * that the database uses, and with a user of the id of `identity`.
   */
  image: Input<string>;
  /**
   * Disk that the restored database may take, as a Kubernetes quantity; about twice the database's own size.
   * @default "10Gi"
   */
  size?: string;
  /**
   * Keeps the restored database on a volume of the cluster in place of the node's disk. GKE Autopilot requires it for a
   * `size` near 10Gi or above, the most that a pod may ask of the node.
   * @default none: the node's disk
   */
  claim?: ScratchClaimArgs;
  /**
   * Requests and limits of the server; its disk is `size`.
   * @default 250m and 512Mi, at most 1 CPU and 1Gi
   */
  resources?: ResourcesArgs;
  /**
   * SQL run in the empty database before the restore, such as `create role app` for a role that a policy names.
   * @default none
   */
  setup?: string;
  /**
   * A query of the restored database that must answer with one true value. That every table has as many rows as the
   * source had is checked always. Ask here for what only you know, such as how new the data must be:
   * `select max(last_login) > now() - interval '2 days' from users`.
   * @default whether some table holds a row
   */
  checkQuery?: string;
}

const defaultSize = "10Gi";
const defaultResources: ResourcesArgs = {
  requests: { cpu: "250m", memory: "512Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

const scriptsPath = "/opt/backup";
const socketPath = "/run/scratch";
const dataPath = "/var/lib/scratch";

/** True if some table holds a row. A dump of an empty or a wrong database has tables too. */
const anyRow =
  "select coalesce(bool_or(query_to_xml(format('select 1 from %I.%I limit 1', schemaname, tablename), false, true, '')::text " +
  "like '%<row%'), false) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')";

const superuser = { PGHOST: socketPath, PGUSER: "postgres", PGDATABASE: "postgres" };
const socket: VolumeArgs = { name: "scratch-socket", mountPath: socketPath, emptyDir: { sizeLimit: "1Mi" } };

/** Backup and restore check of a PostgreSQL database. */
export function postgresBackup(subject: string, postgres: PostgresBackupArgs): BackupKind {
  return {
    problems: checkScratch(`${subject}.scratch`, postgres.scratch),
    scripts: postgresScripts,
    server: postgres.server,
    backup: (tools) => dumpContainer(tools, postgres),
    restoreCheck: (tools) => restoreContainer(tools, postgres.scratch),
    sidecars: ({ scripts }) => [scratchContainer(scripts, postgres.scratch)],
  };
}

function checkScratch(subject: string, { image, size = defaultSize }: ScratchPostgresArgs): Problem[] {
  return [
    ...(typeof image === "string" ? checkPinned(image, `${subject}.image`) : []),
    ...checkBytes(size, `${subject}.size`),
  ];
}

/** Dumps the database to the bucket as a stream: nothing is written to disk. */
function dumpContainer(tools: BackupTools, { url, volumes }: PostgresBackupArgs): ContainerArgs {
  return toolContainer("backup", tools, {
    script: "backup.sh",
    environment: { secrets: { DATABASE_URL: url } },
    volumes,
  });
}

/** Restores the newest dump into the scratch server, counts its rows and runs the check query. */
function restoreContainer(tools: BackupTools, { setup = "", checkQuery = anyRow }: ScratchPostgresArgs): ContainerArgs {
  const values = { ...superuser, SCRATCH_SETUP: literal(setup), CHECK_QUERY: literal(checkQuery) };
  return toolContainer("restore-check", tools, {
    script: "restore-check.sh",
    environment: { values },
    volumes: [socket],
  });
}

/** A variable's value in which SQL's own dollars stay: Kubernetes would make `$$` one dollar and look `$(...)` up. */
function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** The scratch server, as a sidecar: ready before the restore begins, and stopped when it has ended. */
function scratchContainer(scripts: Input<string>, args: ScratchPostgresArgs): ContainerArgs {
  const { image, size = defaultSize, claim, resources: { requests, limits } = defaultResources } = args;
  const disk = scratchDisk(size, claim);
  return {
    name: "scratch-server",
    image,
    command: ["/bin/sh", `${scriptsPath}/scratch-server.sh`],
    environment: { values: { ...superuser, PGDATA: `${dataPath}/data` } },
    resources: {
      requests: { ...requests, ephemeralStorage: disk.request },
      limits: { ...limits, ephemeralStorage: disk.limit },
    },
    startup: { command: ["pg_isready"], periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 60 },
    volumes: [scriptsVolume(scripts), socket, scratchVolume("scratch-data", dataPath, size, claim)],
  };
}

function scriptsVolume(scripts: Input<string>): VolumeArgs {
  return { name: "scripts", mountPath: scriptsPath, configMap: scripts };
}

interface ToolArgs {
  script: string;
  environment: EnvironmentArgs;
  volumes?: VolumeArgs[];
}

function toolContainer(
  name: string,
  tools: BackupTools,
  { script, environment, volumes = [] }: ToolArgs,
): ContainerArgs {
  const { image, resources, scripts, environment: common, volumes: copies } = tools;
  return {
    name,
    image,
    command: ["/bin/sh", `${scriptsPath}/${script}`],
    environment: mergeEnvironments({ values: { HOME: "/tmp" } }, common, environment),
    resources,
    volumes: [
      scriptsVolume(scripts),
      // In memory, as the database's password is written there.
      { name: "tmp", mountPath: "/tmp", emptyDir: { memory: true, sizeLimit: "16Mi" } },
      ...copies,
      ...volumes,
    ],
  };
}
