import type { Properties, StackGraph, Value } from "@gatehouse/preview";
import { beforeAll, describe, expect, test } from "vitest";
import { previewExample } from "./support/example.ts";
import { at, recordStack } from "./support/record.ts";
import { scannerRows } from "./support/scannerRows.ts";

const rows = scannerRows("GCP");

/** Resources of a type that a rule looks at; there must be some, unless the rule forbids them. */
type Find = (type: string) => Properties[];
type Rule = (find: Find) => boolean;

const every = (type: string, holds: (inputs: Properties) => boolean): Rule => {
  return (find) => find(type).length > 0 && find(type).every(holds);
};

function flag(name: string, ...values: string[]): Rule {
  return every("sql/databaseInstance:DatabaseInstance", (inputs) => {
    const flags = at(inputs, "settings.databaseFlags") as Value[];
    const found = flags.filter((one) => at(one, "name") === name).map((one) => at(one, "value"));
    return found.length === 1 && values.includes(found[0] as string);
  });
}

const instance = (path: string, ...values: (Value | undefined)[]): Rule =>
  every("sql/databaseInstance:DatabaseInstance", (inputs) => values.includes(at(inputs, path)));

const redis = (path: string, value: Value): Rule =>
  every("redis/instance:Instance", (inputs) => at(inputs, path) === value);

const noProjectRole = (pattern: RegExp): Rule =>
  every("projects/iAMMember:IAMMember", ({ role }) => typeof role === "string" && !pattern.test(role));

/** No member of a kind of resource is everybody. */
const notPublic =
  (type: string): Rule =>
  (find) =>
    find(type).every(({ member }) => member !== "allUsers" && member !== "allAuthenticatedUsers");

const ownAccount: Rule = every("cloudrunv2/service:Service", (inputs) =>
  JSON.stringify(at(inputs, "template.serviceAccount")).includes("serviceaccount/account:Account"),
);

const sqlRules: Record<string, Rule> = {
  CKV_GCP_6: instance("settings.ipConfiguration.sslMode", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
  CKV_GCP_11: instance("settings.ipConfiguration.authorizedNetworks", undefined),
  CKV_GCP_14: instance("settings.backupConfiguration.enabled", true),
  CKV_GCP_60: instance("settings.ipConfiguration.ipv4Enabled", false),
  CKV_GCP_51: flag("log_checkpoints", "on"),
  CKV_GCP_52: flag("log_connections", "on"),
  CKV_GCP_53: flag("log_disconnections", "on"),
  CKV_GCP_54: flag("log_lock_waits", "on"),
  CKV_GCP_55: flag("log_min_messages", "error", "warning"),
  CKV_GCP_56: flag("log_temp_files", "0"),
  CKV_GCP_57: flag("log_min_duration_statement", "-1"),
  CKV_GCP_108: flag("log_hostname", "on"),
  CKV_GCP_109: flag("log_min_error_statement", "error", "warning"),
  CKV_GCP_110: flag("cloudsql.enable_pgaudit", "on"),
  CKV_GCP_111: flag("log_statement", "ddl", "mod", "all"),
  CKV2_GCP_13: flag("log_duration", "on"),
  "GCP-0014": flag("log_temp_files", "0"),
  "GCP-0015": instance("settings.ipConfiguration.sslMode", "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"),
  "GCP-0016": flag("log_connections", "on"),
  "GCP-0017": instance("settings.ipConfiguration.ipv4Enabled", false),
  "GCP-0018": flag("log_min_messages", "error", "warning"),
  "GCP-0020": flag("log_lock_waits", "on"),
  "GCP-0021": flag("log_min_duration_statement", "-1"),
  "GCP-0022": flag("log_disconnections", "on"),
  "GCP-0024": instance("settings.backupConfiguration.enabled", true),
  "GCP-0025": flag("log_checkpoints", "on"),
};

const roleRules: Record<string, Rule> = {
  CKV_GCP_41: noProjectRole(/^roles\/iam\.serviceAccount(User|TokenCreator)$/),
  CKV_GCP_42: noProjectRole(/admin$|^roles\/(owner|editor)$/i),
  CKV_GCP_46: ownAccount,
  CKV_GCP_49: noProjectRole(/^roles\/(owner|editor|iam\.serviceAccount\w+|iam\.workloadIdentityUser)$/),
  CKV_GCP_117: noProjectRole(/^roles\/(owner|editor|viewer)$/),
};

const serviceRules: Record<string, Rule> = {
  CKV_GCP_95: redis("authEnabled", true),
  CKV_GCP_97: redis("transitEncryptionMode", "SERVER_AUTHENTICATION"),
  CKV_GCP_101: notPublic("artifactregistry/repositoryIamMember:RepositoryIamMember"),
  CKV_GCP_102: notPublic("cloudrunv2/serviceIamMember:ServiceIamMember"),
};

const rules: Record<string, Rule> = { ...sqlRules, ...roleRules, ...serviceRules };

const findIn = ({ resources }: StackGraph): Find => {
  return (type) => resources.filter((one) => one.type === `gcp:${type}`).map(({ inputs }) => inputs);
};

describe("the table of scanner rules", () => {
  let identity: Find;
  let alone: Find;
  beforeAll(async () => {
    identity = findIn((await recordStack("identity-prod", { "identity:publicAccess": "none" })).graph);
    alone = findIn(await previewExample("examples/cloud-run-service"));
  });

  test("says yes or no to each rule once, and every no says why", () => {
    expect(rows.map(({ rule }) => rule)).toHaveLength(new Set(rows.map(({ rule }) => rule)).size);
    expect(rows.filter(({ satisfied }) => satisfied !== "yes" && satisfied !== "no")).toEqual([]);
    expect(rows.filter(({ reason }) => reason.length < 2)).toEqual([]);
  });

  test("has a test for each yes and for nothing else", () => {
    const satisfied = rows.filter((row) => row.satisfied === "yes").map(({ rule }) => rule);
    expect(Object.keys(rules).sort()).toEqual(satisfied.sort());
  });

  test.each(Object.keys(rules))("%s holds in identity-prod", (rule) => {
    expect(rules[rule]?.(identity)).toBe(true);
  });

  test.each(Object.keys({ ...sqlRules, ...roleRules }))("%s holds for the components' defaults", (rule) => {
    expect(rules[rule]?.(alone)).toBe(true);
  });

  test("the rules can fail: public access is what CKV_GCP_102 is about", async () => {
    const open = findIn((await recordStack("identity-prod")).graph);
    expect(rules.CKV_GCP_102?.(open)).toBe(false);
    const databaseFlags = [{ name: "log_connections", value: "off" }];
    const wrong: Find = (type) =>
      type === "sql/databaseInstance:DatabaseInstance" ? [{ settings: { databaseFlags } }] : [];
    for (const [name, rule] of Object.entries(sqlRules)) {
      if (name !== "CKV_GCP_11") expect(rule(wrong), name).toBe(false);
    }
  });
});
