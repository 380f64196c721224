import { nearest, parseDuration, type Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { EdgeKind } from "@gatehouse/kubernetes";
import { isProduction } from "../common/environment.ts";

/** Who runs a data store: another team, or a pod of the stack that loses its data when it goes. */
export const DataStoreKind = { External: "external", Development: "development" } as const;

/** The parts of the config that rules across keys read. A key whose own value is wrong is missing. */
interface Checked extends DataStores, Secrets {
  edge?: {
    kind: EdgeKind;
    certificateArn?: string;
    wafAclArn?: string;
    subnetCidrs?: string[];
    namespace?: string;
  };
  debug?: boolean;
  tracing?: boolean;
  tracingCollector?: object;
  database?: DataStore & Promises;
}

/** Rules across the keys of the config. */
export function checkConfig(valid: Checked, stack: StackName): Problem[] {
  return [
    ...checkProduction(valid, stack),
    ...checkEdge(valid),
    ...checkTracing(valid),
    ...checkDataStores(valid, stack),
    ...checkSecrets(valid),
    ...checkRecovery(valid, stack),
  ];
}

/** Settings that only a development stack may have. */
function checkProduction({ debug }: Checked, stack: StackName): Problem[] {
  if (!isProduction(stack) || debug !== true) return [];
  return [
    {
      subject: "shield:debug",
      message: "debug pages show settings to everybody",
      value: "true",
      expected: "false",
      fix: "pulumi config rm shield:debug",
    },
  ];
}

/** Refuses settings of the edge that the kind which is chosen does not read. */
function checkEdge({ edge }: Checked): Problem[] {
  if (!edge) return [];
  const { kind, certificateArn, wafAclArn, subnetCidrs, namespace } = edge;
  const unread = kind === EdgeKind.Alb ? { namespace } : { certificateArn, wafAclArn, subnetCidrs };
  return Object.entries(unread)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({
      subject: `shield:edge.${key}`,
      message: `an edge of kind ${kind} does not read it`,
      value: String(value),
      expected: kind === EdgeKind.Alb ? "none" : `none, or edge.kind ${EdgeKind.Alb}`,
      fix: `pulumi config rm --path shield:edge.${key}`,
    }));
}

/** Checks that traces have somewhere to go. */
function checkTracing({ tracing, tracingCollector }: Checked): Problem[] {
  if (tracing !== true || tracingCollector !== undefined) return [];
  return [
    {
      subject: "shield:tracing",
      message: "tracing is on, and there is no collector to send traces to",
      value: "true",
      expected: "shield:tracingCollector, with endpoint and namespace, or no tracing",
      fix: "set shield:tracingCollector, or run: pulumi config rm shield:tracing",
    },
  ];
}

/** The part of the config that says where a data store is. */
interface DataStore {
  kind: string;
  cidrs?: string[];
}

interface DataStores {
  database?: DataStore;
  redis?: DataStore;
  backup?: object;
}

/** A data store that production cannot have, that no policy could let the pods reach, or that no backup can read. */
function checkDataStores({ database, redis, backup }: DataStores, stack: StackName): Problem[] {
  return [
    ...Object.entries({ database, redis }).flatMap(([key, store]) => (store ? checkDataStore(key, store, stack) : [])),
    ...(backup && database?.kind === DataStoreKind.Development
      ? [
          {
            subject: "shield:backup",
            message: "a database that is lost with its pod is not backed up",
            value: `database.kind ${database.kind}`,
            expected: `no backup, or database.kind ${DataStoreKind.External}`,
          },
        ]
      : []),
  ];
}

function checkDataStore(key: string, { kind, cidrs }: DataStore, stack: StackName): Problem[] {
  if (kind === DataStoreKind.Development && isProduction(stack))
    return [
      {
        subject: `shield:${key}.kind`,
        message: "a data store that loses everything with its pod cannot serve production",
        value: kind,
        expected: DataStoreKind.External,
      },
    ];
  if (kind === DataStoreKind.Development && cidrs !== undefined)
    return [
      {
        subject: `shield:${key}.cidrs`,
        message: "a data store of the stack's own is reached by its pod, so the addresses are not read",
        value: cidrs.join(", "),
        expected: `none, or kind ${DataStoreKind.External}`,
        fix: `pulumi config rm --path shield:${key}.cidrs`,
      },
    ];
  if (kind === DataStoreKind.External && cidrs === undefined)
    return [
      {
        subject: `shield:${key}.cidrs`,
        message: "the pods may reach only addresses that are named, and none is",
        expected: "the address ranges of the data store",
        fix: `pulumi config set --path 'shield:${key}.cidrs[0]' 10.20.0.0/16`,
      },
    ];
  return [];
}

/** The part of the config that decides which secrets the service needs. */
interface Secrets {
  database?: DataStore;
  redis?: DataStore;
  oauth?: object;
  saml?: object;
  secrets?: { existing?: string; versions: Record<string, string> };
}

/** Keys of `shield-secrets` that the config makes necessary; a provider that is not configured has none. */
export function secretKeys({ database, redis, oauth, saml, secrets }: Secrets): string[] {
  return [
    ...(database?.kind === DataStoreKind.External ? ["database-url"] : []),
    ...(redis?.kind === DataStoreKind.External ? ["redis-url"] : []),
    "secret-key",
    ...Object.keys(oauth ?? {}).map((provider) => `${provider}-client-secret`),
    ...(saml ? ["saml-sp-x509-cert", "saml-sp-private-key"] : []),
    ...(secrets?.existing === undefined ? [] : ["jwt-private-key"]),
  ];
}

/** A pinned version that nothing reads: of a key that the Secret does not have, or of a Secret that the stack does not fill. */
function checkSecrets(config: Secrets): Problem[] {
  const { existing, versions = {} } = config.secrets ?? {};
  const known = secretKeys(config);
  return Object.entries(versions).flatMap(([key, version]) => {
    const subject = `shield:secrets.versions.${key}`;
    if (existing !== undefined)
      return [
        {
          subject,
          message: "the version has no effect because the stack does not fill an existing Secret",
          value: version,
          expected: `no versions with shield:secrets.existing, which is ${existing}`,
          fix: "remove shield:secrets.versions, or remove shield:secrets.existing",
        },
      ];
    if (known.includes(key)) return [];
    const near = nearest(key, known);
    return [
      {
        subject,
        message: "the Secret has no such key",
        value: key,
        expected: `one of ${known.join(", ")}`,
        fix: near === undefined ? "remove it" : `rename it to ${near}`,
      },
    ];
  });
}

/** What Shield's deployment guide promises after a failure ("Recovery Time Objectives"). */
const recoveryObjectives = {
  pod: { time: "1m", point: "0s" },
  node: { time: "5m", point: "0s" },
  database: { time: "1h", point: "5m" },
  region: { time: "4h", point: "15m" },
} as const;

/** The recovery times and points that the config promises. */
type Promises = { kind: string } & Partial<Record<Objective["key"], string>>;

interface Objective {
  key: "recoveryPoint" | "recoveryTime" | "regionRecoveryPoint" | "regionRecoveryTime";
  scenario: "database" | "region";
  objective: "time" | "point";
}

const objectives: Objective[] = [
  { key: "recoveryPoint", scenario: "database", objective: "point" },
  { key: "recoveryTime", scenario: "database", objective: "time" },
  { key: "regionRecoveryPoint", scenario: "region", objective: "point" },
  { key: "regionRecoveryTime", scenario: "region", objective: "time" },
];

/**
 * Whether the data layer can keep what the guide promises. The pods themselves keep theirs: several of them on several
 * nodes, made elsewhere a minute after a node is lost. An external database is taken at its owner's word.
 */
function checkRecovery({ database }: { database?: Promises }, stack: StackName): Problem[] {
  if (!isProduction(stack) || database?.kind !== DataStoreKind.External) return [];
  return objectives.flatMap(({ key, scenario, objective }) => {
    const limit = recoveryObjectives[scenario][objective];
    const promised = database[key];
    const [what, expected] =
      objective === "point"
        ? [`at most ${limit} of data may be lost`, `the database's own promise, at most ${limit}`]
        : [`the service must be back within ${limit}`, `the database's own promise, at most ${limit}`];
    if (promised !== undefined && parseDuration(promised) <= parseDuration(limit)) return [];
    return [
      {
        subject: `shield:database.${key}`,
        message: `after the failure of a ${scenario} ${what}, which this database does not promise`,
        value: promised ?? "nothing is promised",
        expected,
      },
    ];
  });
}
