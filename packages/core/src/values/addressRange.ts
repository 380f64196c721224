import { BlockList, isIP } from "node:net";
import type { Input } from "@pulumi/pulumi";
import type { Problem } from "../errors/problem.ts";

/** A range of IP addresses. */
export interface AddressRangeArgs {
  /** The range in CIDR notation: `10.20.0.0/16`. */
  cidr: Input<string>;
  /**
   * Ranges within it that are left out.
   *
   * @default none
   */
  except?: Input<string>[];
}

/** The version of the Internet Protocol. */
export type AddressFamily = "ipv4" | "ipv6";

/** A range of addresses, read from CIDR notation. */
export interface Cidr {
  /** The address before the slash. */
  address: string;
  /** Number of leading bits that all addresses of the range share. */
  prefix: number;
  family: AddressFamily;
}

/** Reads CIDR notation; undefined if the text is not an address and a prefix length. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const family = version === 4 ? "ipv4" : "ipv6";
  const prefix = Number(length);
  return prefix <= bits(family) ? { address, prefix, family } : undefined;
}

/** Whether every address of one range belongs to the other. A range is within itself. */
export function isWithin(inner: Cidr, outer: Cidr): boolean {
  if (inner.family !== outer.family || inner.prefix < outer.prefix) return false;
  const list = new BlockList();
  list.addSubnet(outer.address, outer.prefix, outer.family);
  return list.check(inner.address, inner.family);
}

/** The range's first address in CIDR notation: `10.20.0.0/16` for `10.20.1.7/16`. */
export function networkAddress({ address, prefix, family }: Cidr): string {
  const host = BigInt(bits(family) - prefix);
  const first = (toNumber(address, family) >> host) << host;
  return `${toText(first, family)}/${prefix}`;
}

/** Checks that a text is a range in CIDR notation without host bits, which services mask, refuse or report as drift. */
export function checkCidr(subject: string, text: string): Problem[] {
  const range = parseCidr(text);
  if (!range) {
    return [
      {
        subject,
        message: "not an address range",
        value: text,
        expected: "an address and a prefix length, such as 10.20.0.0/16",
        fix: isIP(text) === 0 ? undefined : `for one address, ${text}/${isIP(text) === 4 ? 32 : 128}`,
      },
    ];
  }
  const host = BigInt(bits(range.family) - range.prefix);
  const number = toNumber(range.address, range.family);
  if ((number >> host) << host === number) return [];
  return [
    {
      subject,
      message: "the address has host bits set",
      value: text,
      expected: "the first address of the range",
      fix: `use ${networkAddress(range)}, or ${range.address}/${bits(range.family)} for the one address`,
    },
  ];
}

/** Checks a range and that its exceptions lie within it. An Output is checked where it is used, as it resolves. */
export function checkAddressRange(subject: string, { cidr, except = [] }: AddressRangeArgs): Problem[] {
  const exceptions = except.filter((one) => typeof one === "string");
  const wrong = [cidr, ...exceptions].flatMap((one) => (typeof one === "string" ? checkCidr(subject, one) : []));
  const range = typeof cidr === "string" ? parseCidr(cidr) : undefined;
  if (wrong.length > 0 || !range) return wrong;
  return exceptions
    .filter((one) => {
      const exception = parseCidr(one);
      return exception && (exception.prefix === range.prefix || !isWithin(exception, range));
    })
    .map((one) => ({
      subject,
      message: "the exception is not within the range",
      value: `${one} of ${cidr as string}`,
      expected: "a smaller range within it",
    }));
}

function bits(family: AddressFamily): number {
  return family === "ipv4" ? 32 : 128;
}

/** The address as one number. */
function toNumber(address: string, family: AddressFamily): bigint {
  const groups = family === "ipv4" ? address.split(".").map(Number) : ipv6Groups(address);
  const width = family === "ipv4" ? 8n : 16n;
  return groups.reduce((number, group) => (number << width) | BigInt(group), 0n);
}

/** The eight groups of an IPv6 address; `::` stands for as many zeros as are missing. */
function ipv6Groups(address: string): number[] {
  const [withoutZone = ""] = address.split("%");
  const hexadecimal = withoutZone.replace(/[\d.]+$/, (tail) => (tail.includes(".") ? embeddedIpv4(tail) : tail));
  const [left = "", right] = hexadecimal.split("::");
  const read = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => parseInt(group, 16)));
  const [before, after] = [read(left), read(right ?? "")];
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

/** The last 32 bits, written as an IPv4 address, as two groups. */
function embeddedIpv4(address: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  return [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(":");
}

function toText(number: bigint, family: AddressFamily): string {
  const [count, width] = family === "ipv4" ? [4, 8n] : [8, 16n];
  const groups = Array.from({ length: count }, (_, index) => {
    const shift = BigInt(count - 1 - index) * width;
    return (number >> shift) & ((1n << width) - 1n);
  });
  if (family === "ipv4") return groups.join(".");
  // The URL standard's serializer is the platform's shortest form of an IPv6 address.
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}
