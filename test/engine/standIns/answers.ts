import { createHash } from "node:crypto";
import type { WireObject } from "./plugin.ts";

const account = "123456789012";

/** What programs ask of a cloud and build names from. */
const surroundings: Record<string, WireObject> = {
  "aws:index/getCallerIdentity:getCallerIdentity": {
    accountId: account,
    arn: `arn:aws:iam::${account}:user/deployer`,
    userId: "AIDAEXAMPLE",
  },
  "aws:index/getPartition:getPartition": {
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  },
  "aws:index/getRegion:getRegion": { region: "us-west-2", name: "us-west-2", description: "US West (Oregon)" },
};

/** What a stand-in answers a function with: always the same to the same question. */
export function answerOf(token: string, args: WireObject): WireObject {
  return { ...args, ...surroundings[token], id: digest(token + JSON.stringify(args)).slice(0, 12) };
}

/** The answers that do not depend on arguments, as fixtures of an offline preview. */
export const surroundingFixtures: Record<string, WireObject> = Object.fromEntries(
  Object.keys(surroundings).map((token) => [token, answerOf(token, {})]),
);

export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
