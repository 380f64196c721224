import type { Problem } from "@gatehouse/core";

/** Private IPv4 ranges: https://www.rfc-editor.org/rfc/rfc1918 */
const privateRanges = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

interface Prefix {
  /** The longest prefix that is allowed, which is the smallest range. */
  longest: number;
  /** The shortest. */
  shortest: number;
}

/** An IPv4 range of private addresses, of a size that its use allows, without bits beside its prefix. */
export function checkPrivateRange(subject: string, cidr: string, { longest, shortest }: Prefix): Problem[] {
  const size = longest === shortest ? `/${longest}` : `/${shortest} to /${longest}`;
  const expected = `a range of private IPv4 addresses of ${size}, such as 10.8.0.0/${longest}`;
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(cidr)?.slice(1).map(Number);
  if (parts === undefined || parts.slice(0, 4).some((octet) => octet > 255) || (parts[4] ?? 33) > 32)
    return [{ subject, message: "not an IPv4 range", value: cidr, expected }];
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = parts;
  if (!privateRanges.test(cidr)) return [{ subject, message: "the range is not private", value: cidr, expected }];
  if (prefix > longest || prefix < shortest)
    return [{ subject, message: "the range has not the size that is needed here", value: cidr, expected }];
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  if (address % 2 ** (32 - prefix) === 0) return [];
  return [{ subject, message: "the address has bits that do not belong to the prefix", value: cidr, expected }];
}
