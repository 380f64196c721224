import { ExternalSecrets, type MigrationJobArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AirlockConfig } from "../settings/config.ts";
import type { Database } from "./database.ts";
import { directories, labels } from "../settings/names.ts";
import type { AirlockSecrets } from "./secrets.ts";
import { authorityVolume } from "./authority.ts";

/**
 * Makes the application's user, or gives it its password again. `\password` asks for the password twice and sends the
 * server a verifier alone, so the password is neither in the server's log nor among a process' arguments.
 */
const script = String.raw`psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\getenv role APPLICATION_USER
select format('create role %I login', :'role')
 where not exists (select from pg_roles where rolname = :'role') \gexec
select format('grant connect, create on database %I to %I', current_database(), :'role') \gexec
select format('grant usage, create on schema public to %I', :'role') \gexec
SQL
printf '%s\n%s\n' "$APPLICATION_PASSWORD" "$APPLICATION_PASSWORD" |
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --command '\getenv role APPLICATION_USER' --command '\password :"role"'
`;

/** The administrator's Secret. RDS changes the password every 7 days, so the operator reads it every hour. */
function createAdministrator(
  { secrets }: AirlockConfig,
  namespace: Input<string>,
  { masterSecretArn }: Database,
): ExternalSecrets {
  const remote = (property: string) => ({ key: masterSecretArn, property });
  return new ExternalSecrets("airlock-database-admin", {
    namespace,
    store: { name: secrets.store, kind: secrets.storeKind },
    data: { username: remote("username"), password: remote("password") },
    refreshInterval: "1h",
  });
}

/** The Job that makes the application's user, before the application starts. A new password runs it again. */
export function databaseUserArgs(
  config: AirlockConfig,
  namespace: Input<string>,
  database: Database,
  { databaseHost, databaseUser, databasePassword }: AirlockSecrets,
): MigrationJobArgs {
  const administrator = createAdministrator(config, namespace, database);
  return {
    namespace,
    image: config.database.clientImage,
    command: ["/bin/sh", "-ec", script],
    environment: {
      values: {
        PGDATABASE: config.database.name,
        PGSSLMODE: "verify-full",
        PGSSLROOTCERT: `${directories.databaseAuthority}/bundle.pem`,
      },
      secrets: {
        // By way of the Secret, so that the Job's name, a hash of what it runs, is known before the database is there.
        PGHOST: databaseHost,
        PGUSER: administrator.key("username"),
        PGPASSWORD: administrator.key("password"),
        APPLICATION_USER: databaseUser,
        APPLICATION_PASSWORD: databasePassword,
      },
    },
    // The user that PostgreSQL's own images know.
    identity: { user: 999 },
    resources: { requests: { cpu: "50m", memory: "32Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
    volumes: [authorityVolume(config)],
    connectsTo: [database.endpoint],
    labels,
  };
}
