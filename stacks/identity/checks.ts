import { parseImage, type Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { checkKeyVersions, checkUptimePath, type KeyVersionsArgs } from "@gatehouse/gcp";
import * as pulumi from "@pulumi/pulumi";
import { isProduction } from "../common/environment.ts";

/** The keys that the rules are about. */
interface CheckedConfig {
  project: string;
  region: string;
  image: string;
  storage: string;
  migration: { image?: string | undefined };
  tokenKeys: KeyVersionsArgs;
  jwtSecret: { generation: number; invalidatesAllTokens: boolean };
  uptime: { host?: string | undefined; path: string };
}

/** Rules across the keys of the config. A key with a problem of its own is missing here. */
export function checkConfig(valid: Partial<CheckedConfig>, stack: StackName): Problem[] {
  return [
    ...checkProduction(valid, stack),
    ...(valid.tokenKeys ? checkKeyVersions("identity:tokenKeys", valid.tokenKeys) : []),
    ...checkJwtSecret(valid),
    ...checkUptime(valid),
    ...checkProvider(valid),
  ];
}

/** The provider's own settings, which every resource here overrides. The provider warns if it has none. */
function checkProvider({ project, region }: Partial<CheckedConfig>): Problem[] {
  const provider = new pulumi.Config("gcp");
  const pairs = [
    { key: "project", own: project },
    { key: "region", own: region },
  ];
  return pairs.flatMap(({ key, own }) => {
    const given = provider.get(key);
    if (given === undefined || own === undefined || given === own) return [];
    return [
      {
        subject: `gcp:${key}`,
        message: `gcp:${key} is not identity:${key}`,
        value: `gcp:${key} ${given}, identity:${key} ${own}`,
        expected: "the same value in both",
        fix: `pulumi config set gcp:${key} ${own}`,
      },
    ];
  });
}

/** Settings that only a development stack may have. */
function checkProduction({ image, migration, storage }: Partial<CheckedConfig>, stack: StackName): Problem[] {
  if (!isProduction(stack)) return [];
  const images = { "identity:image": image, "identity:migration.image": migration?.image };
  return [
    ...Object.entries(images).flatMap(([key, reference]) => (reference ? checkDigest(key, reference) : [])),
    ...(storage === "dev"
      ? [
          {
            subject: "identity:storage",
            message: "what is kept in an instance's memory is lost with it, and other instances do not see it",
            value: storage,
            expected: "prod",
            fix: "pulumi config rm identity:storage",
          },
        ]
      : []),
  ];
}

/** A tag can be moved to another image, which a next instance would then run. */
function checkDigest(subject: string, reference: string): Problem[] {
  const { digest, name } = parseImage(reference);
  if (digest !== undefined) return [];
  return [
    {
      subject,
      message: "production runs an image by its digest",
      value: reference,
      expected: `${name}@sha256:...`,
      fix: `find it with: gcloud artifacts docker images describe ${reference}`,
    },
  ];
}

function checkJwtSecret({ jwtSecret }: Partial<CheckedConfig>): Problem[] {
  if (!jwtSecret || jwtSecret.generation === 1 || jwtSecret.invalidatesAllTokens) return [];
  return [
    {
      subject: "identity:jwtSecret.generation",
      message: "with another secret, all tokens die at once, and all users must sign in again",
      value: String(jwtSecret.generation),
      expected: "jwtSecret.invalidatesAllTokens: true, which acknowledges that",
      fix: "pulumi config set --path identity:jwtSecret.invalidatesAllTokens true",
    },
  ];
}

/** Without a host of one's own the check asks the address on run.app, which is known only once the service exists. */
function checkUptime({ uptime }: Partial<CheckedConfig>): Problem[] {
  if (!uptime) return [];
  const { host = "af-identity-service.run.app", path } = uptime;
  return checkUptimePath("identity:uptime", host, path);
}
