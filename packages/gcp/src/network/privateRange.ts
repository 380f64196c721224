import { checkCidr, parseCidr, type Problem } from "@gatehouse/core";

/** Private IPv4 ranges: https://www.rfc-editor.org/rfc/rfc1918 */
const privateRanges = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;

interface Prefix {
  /** The longest prefix that is allowed, which is the smallest range. */
  longest: number;
  /** The shortest. */
  shortest: number;
}

/** Checks a range of private IPv4 addresses: its size, and that it has no host bits set. */
export function checkPrivateRange(subject: string, cidr: string, { longest, shortest }: Prefix): Problem[] {
  const size = longest === shortest ? `/${longest}` : `/${shortest} to /${longest}`;
  const expected = `a range of private IPv4 addresses of ${size}, such as 10.8.0.0/${longest}`;
  const range = parseCidr(cidr);
  if (range?.family !== "ipv4") return [{ subject, message: "not an IPv4 range", value: cidr, expected }];
  if (!privateRanges.test(cidr)) return [{ subject, message: "the range is not private", value: cidr, expected }];
  if (range.prefix > longest || range.prefix < shortest)
    return [{ subject, message: "the range is the wrong size", value: cidr, expected }];
  return checkCidr(subject, cidr);
}
