import { expect, test } from "vitest";
import { checkPrivateRange } from "../../src/network/privateRange.ts";

const connector = { longest: 28, shortest: 28 };

test.each(["10.8.0.0/28", "192.168.7.240/28", "172.31.0.16/28"])("%s can hold a connector", (cidr) => {
  expect(checkPrivateRange("c", cidr, connector)).toEqual([]);
});

test.each([
  ["10.8.0.0", "not an IPv4 range"],
  ["10.8.0.256/28", "not an IPv4 range"],
  ["8.8.8.0/28", "the range is not private"],
  ["172.32.0.0/28", "the range is not private"],
  ["10.8.0.0/26", "the range is the wrong size"],
  ["10.8.0.8/28", "the address has host bits set"],
])("%s cannot", (cidr, message) => {
  expect(checkPrivateRange("c", cidr, connector).map((problem) => problem.message)).toEqual([message]);
});

test("a subnet may be larger than it must", () => {
  const subnet = { longest: 26, shortest: 8 };
  expect(checkPrivateRange("c", "10.8.0.0/16", subnet)).toEqual([]);
  expect(checkPrivateRange("c", "10.8.0.0/27", subnet)).toHaveLength(1);
});
