import { readFileSync } from "node:fs";
import type { PolicyArgs } from "@gatehouse/kubernetes";
import { directories } from "./names.ts";

const source = (): string => readFileSync(new URL("../policy.rego", import.meta.url), "utf8");

/** The policy, which the application evaluates itself. */
export function policyArgs(reload: { image: string } | undefined): PolicyArgs {
  return {
    files: { "policy.rego": source() },
    entryPoint: "airlock/authz/allow",
    directory: directories.policy,
    configMapName: "airlock-policy",
    reload: reload && { image: reload.image, process: "airlock" },
  };
}

/** The rate of a token above which the policy denies. */
export function mostRequestsPerMinute(): number {
  const [, number] = /^most_requests_per_minute := (\d+)$/m.exec(source()) ?? [];
  if (number === undefined) throw new Error("policy.rego does not say most_requests_per_minute.");
  return Number(number);
}
