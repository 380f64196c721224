import { checkAddressRange, checkCidr, isWithin, networkAddress, parseCidr } from "@gatehouse/core";
import { describe, expect, test } from "vitest";

const range = (text: string) => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`not a range: ${text}`);
  return parsed;
};

describe("parseCidr", () => {
  test.each([
    ["10.20.0.0/16", { address: "10.20.0.0", prefix: 16, family: "ipv4" }],
    ["0.0.0.0/0", { address: "0.0.0.0", prefix: 0, family: "ipv4" }],
    ["2001:db8::/32", { address: "2001:db8::", prefix: 32, family: "ipv6" }],
    ["::/0", { address: "::", prefix: 0, family: "ipv6" }],
    ["::1/128", { address: "::1", prefix: 128, family: "ipv6" }],
  ])("%s", (text, expected) => {
    expect(parseCidr(text)).toEqual(expected);
  });

  test.each([
    "",
    "10.20.0.0",
    "10.20.0.0/",
    "10.20.0.0/33",
    "10.20.0.0/016",
    "10.20.0.0/-1",
    "10.20.0.0/1.5",
    "10.20.0.0/16/16",
    "10.20.0/16",
    "256.0.0.0/8",
    "010.0.0.0/8",
    "2001:db8::/129",
    "fe80::1%eth0/64x",
    "localhost/8",
  ])("%j is not a range", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

test.each([
  ["10.1.0.0/16", "10.0.0.0/8", true],
  ["10.0.0.0/8", "10.0.0.0/8", true],
  ["10.0.0.0/8", "10.1.0.0/16", false],
  ["11.0.0.0/16", "10.0.0.0/8", false],
  ["10.255.255.255/32", "10.0.0.0/8", true],
  ["2001:db8:1::/48", "2001:db8::/32", true],
  ["2001:db9::/48", "2001:db8::/32", false],
  ["::/128", "0.0.0.0/0", false],
  ["10.0.0.0/8", "::/0", false],
])("%s within %s: %s", (inner, outer, expected) => {
  expect(isWithin(range(inner), range(outer))).toBe(expected);
});

test.each([
  ["10.20.1.7/16", "10.20.0.0/16"],
  ["10.20.1.7/32", "10.20.1.7/32"],
  ["255.255.255.255/0", "0.0.0.0/0"],
  ["192.168.1.129/25", "192.168.1.128/25"],
  ["2001:db8:0:1:2:3:4:5/64", "2001:db8:0:1::/64"],
  ["::ffff:10.1.2.3/120", "::ffff:a01:200/120"],
  ["2001:db8::ffff/112", "2001:db8::/112"],
  ["::ffff:10.1.2.3/104", "::ffff:a00:0/104"],
])("the first address of %s is %s", (text, expected) => {
  expect(networkAddress(range(text))).toBe(expected);
});

describe("checkCidr", () => {
  test.each(["10.20.0.0/16", "203.0.113.9/32", "0.0.0.0/0", "2001:db8::/32", "::/0", "fd00:ec2::254/128"])(
    "%s is good",
    (text) => {
      expect(checkCidr("range", text)).toEqual([]);
    },
  );

  test("an address without a prefix", () => {
    expect(checkCidr("range", "2001:db8::1")).toEqual([
      {
        subject: "range",
        message: "not an address range",
        value: "2001:db8::1",
        expected: "an address and a prefix length, such as 10.20.0.0/16",
        fix: "for one address, 2001:db8::1/128",
      },
    ]);
  });

  test.each([
    ["10.20.1.7/16", "use 10.20.0.0/16, or 10.20.1.7/32 for the one address"],
    ["2001:db8::1/32", "use 2001:db8::/32, or 2001:db8::1/128 for the one address"],
  ])("host bits in %s", (value, fix) => {
    expect(checkCidr("range", value)).toEqual([
      {
        subject: "range",
        message: "the address has host bits set",
        value,
        expected: "the first address of the range",
        fix,
      },
    ]);
  });
});

describe("checkAddressRange", () => {
  test("exceptions lie within the range and are smaller", () => {
    expect(checkAddressRange("r", { cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "10.255.255.255/32"] })).toEqual([]);
    const outside = checkAddressRange("r", { cidr: "10.0.0.0/8", except: ["10.0.0.0/8", "11.0.0.0/16", "::/128"] });
    expect(outside.map(({ value }) => value)).toEqual([
      "10.0.0.0/8 of 10.0.0.0/8",
      "11.0.0.0/16 of 10.0.0.0/8",
      "::/128 of 10.0.0.0/8",
    ]);
  });

  test("everything that is wrong with the ranges themselves comes first", () => {
    const problems = checkAddressRange("r", { cidr: "10.0.0.0", except: ["10.1.0.1/16"] });
    expect(problems.map(({ message }) => message)).toEqual(["not an address range", "the address has host bits set"]);
  });
});
