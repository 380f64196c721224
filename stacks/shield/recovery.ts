import { parseDuration, type Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { isProduction } from "../environment.ts";
import { DataStoreKind } from "./checks.ts";

/** What Shield's deployment guide promises after a failure ("Recovery Time Objectives"). */
export const recoveryObjectives = {
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
export function checkRecovery({ database }: { database?: Promises }, stack: StackName): Problem[] {
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
