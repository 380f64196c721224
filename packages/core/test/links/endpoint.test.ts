import { checkLinks, checkPortRange, external, internet, Protocol } from "@gatehouse/core";
import { describe, expect, test } from "vitest";

describe("endpoints outside the platform", () => {
  test("at known addresses", () => {
    const environment = { values: { WAREHOUSE_HOST: "warehouse.example.com" } };
    expect(external("warehouse", 5432, ["10.20.0.0/16", "10.30.0.0/16"], environment)).toEqual({
      name: "warehouse",
      port: 5432,
      addresses: [{ cidr: "10.20.0.0/16" }, { cidr: "10.30.0.0/16" }],
      environment,
    });
  });

  test("anywhere on the internet: the ranges pass their own check", () => {
    expect(checkLinks("links", [internet("providers", 443, { ipv6: true })])).toEqual([]);
  });
});

describe("checkPortRange", () => {
  test.each([
    { port: 1 },
    { port: 65_535, protocol: Protocol.Udp },
    { port: 50_000, endPort: 50_000 },
    { port: 50_000, endPort: 50_100 },
  ])("%o is good", (range) => {
    expect(checkPortRange("link", range)).toEqual([]);
  });

  test.each([0, 65_536, 443.5, NaN])("port %d", (port) => {
    expect(checkPortRange("link", { port })).toEqual([
      {
        subject: "link.port",
        message: "not a port number",
        value: String(port),
        expected: "a whole number from 1 to 65535",
      },
    ]);
  });

  test("a range that ends before it begins", () => {
    expect(checkPortRange("link", { port: 443, endPort: 442 })).toEqual([
      { subject: "link.endPort", message: "endPort is less than port", value: "443 to 442", expected: "443 or more" },
    ]);
  });

  test("a protocol that no link can have", () => {
    expect(checkPortRange("link", { port: 443, protocol: "udp" as Protocol })).toEqual([
      {
        subject: "link.protocol",
        message: "not a protocol that a link can have",
        value: "udp",
        expected: "TCP or UDP",
      },
    ]);
  });
});

test("all problems of all links at once", () => {
  const problems = checkLinks("shop.connectsTo", [
    external("db", 0, ["10.0.0.1/8"]),
    external("db", 5432, ["nowhere"]),
  ]);
  expect(problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
    "shop.connectsTo.db.port: not a port number",
    "shop.connectsTo.db.addresses: the address has host bits set",
    "shop.connectsTo.db.addresses: not an address range",
    "shop.connectsTo: two links have the same name",
  ]);
});
