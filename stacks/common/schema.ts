import { checkBytes, checkCpu, checkDuration, checkRelease } from "@gatehouse/core";
import { checkedString } from "@gatehouse/core/config";
import { z } from "zod";

// What the products' configs have in common.

export const bytes = (): z.ZodString => checkedString(checkBytes);
export const cpu = (): z.ZodString => checkedString(checkCpu);
export const duration = (): z.ZodString => checkedString(checkDuration);
export const image = (): z.ZodString => checkedString(checkRelease);
export const instant = (): z.ZodISODateTime => z.iso.datetime({ offset: true });
export const cidrs = (): z.ZodArray<z.ZodCIDRv4> => z.array(z.cidrv4()).min(1);
export const port = (): z.ZodInt => z.int().min(1).max(65_535);

interface Amounts {
  cpu: string;
  memory: string;
}
type Strict<Shape extends z.core.$ZodLooseShape> = z.ZodPrefault<z.ZodObject<Shape, z.core.$strict>>;
type AmountsSchema = Strict<{ cpu: z.ZodDefault<z.ZodString>; memory: z.ZodDefault<z.ZodString> }>;

function amounts(defaults: Amounts): AmountsSchema {
  return z.strictObject({ cpu: cpu().default(defaults.cpu), memory: bytes().default(defaults.memory) }).prefault({});
}

/** Requests and limits of one container, by their defaults. */
export function resources(
  requests: Amounts,
  limits: Amounts,
): Strict<{ requests: AmountsSchema; limits: AmountsSchema }> {
  return z.strictObject({ requests: amounts(requests), limits: amounts(limits) }).prefault({});
}

const signingKey = z.strictObject({
  kid: z.string().min(1).describe("Key id, as tokens and the JWKS name it."),
  publicKey: z.string().min(1).describe("Public key, PEM. The private key is in the secret store."),
  publishedAt: instant().optional().describe("When the public key entered the JWKS, as next."),
  signingSince: instant().optional().describe("When the key began signing, as current."),
  retiredAt: instant().optional().describe("When the key stopped signing, as previous."),
  replaces: z.string().optional().describe("Key id of the key that it took over from."),
});

/** The keys that tokens are signed with, by their role. */
export const keys = z.strictObject({
  current: signingKey.describe("The key that signs."),
  next: signingKey.optional().describe("The key that will sign; it is published already."),
  previous: z.array(signingKey).default([]).describe("Keys whose tokens are still valid, the latest first."),
  invalidateTokensOf: z
    .array(z.string())
    .optional()
    .describe("Key ids whose tokens may become invalid at once, since the key has leaked."),
});
