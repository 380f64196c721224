import { BlockList, isIP } from "node:net";
import type { Problem } from "@gatehouse/core";
import type { AddressRangeArgs } from "./endpoint.ts";

interface AddressRange {
  address: string;
  /** Bits of the address that all addresses of the range share. */
  prefix: number;
  family: "ipv4" | "ipv6";
}

function parseRange(text: string): AddressRange | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const family = isIP(address) === 4 ? "ipv4" : "ipv6";
  const prefix = Number(length);
  const valid =
    rest.length === 0 && isIP(address) !== 0 && /^\d{1,3}$/.test(length) && prefix <= (family === "ipv4" ? 32 : 128);
  return valid ? { address, prefix, family } : undefined;
}

function isWithin(inner: AddressRange, outer: AddressRange): boolean {
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, outer.family);
  return inner.family === outer.family && inner.prefix > outer.prefix && list.check(inner.address, inner.family);
}

/** What is wrong with a text as a range of addresses; empty if nothing is. */
export function checkCidr(subject: string, text: string): Problem[] {
  if (parseRange(text)) return [];
  return [
    {
      subject,
      message: "not a range of addresses",
      value: text,
      expected: "an address and the length of its prefix, such as 10.20.0.0/16",
      fix: isIP(text) === 0 ? undefined : `for one address, ${text}/${isIP(text) === 4 ? 32 : 128}`,
    },
  ];
}

/** A range that cannot be read, or an exception that is not within it. Outputs are checked as they resolve. */
export function checkAddressRange(subject: string, { cidr, except = [] }: AddressRangeArgs): Problem[] {
  const exceptions = except.filter((one) => typeof one === "string");
  const unreadable = [cidr, ...exceptions].flatMap((one) => (typeof one === "string" ? checkCidr(subject, one) : []));
  const range = typeof cidr === "string" ? parseRange(cidr) : undefined;
  if (unreadable.length > 0 || !range) return unreadable;
  return exceptions
    .filter((one) => {
      const exception = parseRange(one);
      return exception && !isWithin(exception, range);
    })
    .map((one) => ({
      subject,
      message: "the exception is not within the range",
      value: `${one} of ${cidr as string}`,
      expected: "a smaller range within it",
    }));
}
