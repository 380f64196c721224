import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { checkedSubnetIds, checkZoneRegion, checkZones } from "../../src/network/subnet.ts";

const rule = { zones: 2, noun: "a load balancer" };

describe("zones", () => {
  test("that differ pass", () => {
    expect(checkZones("alb.subnets", ["eu-west-1a", "eu-west-1b"], rule)).toEqual([]);
  });

  test("that repeat are refused", () => {
    expect(checkZones("alb.subnets", ["eu-west-1a", "eu-west-1b", "eu-west-1a"], rule)).toEqual([
      {
        subject: "alb.subnets",
        message: "two subnets are in the same zone, and a load balancer has one subnet in a zone",
        value: "eu-west-1a, eu-west-1b, eu-west-1a",
        expected: "one subnet in each of at least 2 zones",
        fix: "leave out one of the subnets in eu-west-1a, or take one in another zone",
      },
    ]);
  });

  test.each([
    [[], "no subnet"],
    [["eu-west-1a"], "eu-west-1a"],
  ])("that are too few are refused: %o", (zones, value) => {
    expect(checkZones("alb.subnets", zones, rule)).toEqual([
      {
        subject: "alb.subnets",
        message: "a load balancer needs subnets in more zones",
        value,
        expected: "one subnet in each of at least 2 zones",
      },
    ]);
  });

  test("of another region are refused", () => {
    const subnets = [
      { id: "subnet-a", zone: "eu-west-1a", cidr: "10.0.0.0/24" },
      { id: "subnet-b", zone: "us-east-1b", cidr: "10.0.1.0/24" },
    ];
    expect(checkZoneRegion("alb.subnets", subnets, "eu-west-1")).toEqual([
      {
        subject: "alb.subnets",
        message: "the subnet is in another region",
        value: "us-east-1b",
        expected: "a zone of eu-west-1",
      },
    ]);
  });
});

describe("ids", () => {
  const known = <T>(output: pulumi.Output<T>) => new Promise<T>((resolve) => output.apply(resolve));
  const subnet = (id: string, zone: pulumi.Input<string>) => ({ id, zone, cidr: "10.0.0.0/24" });

  test("are given on where the zones pass, plain or not", async () => {
    const subnets = [subnet("subnet-a", "eu-west-1a"), subnet("subnet-b", pulumi.output("eu-west-1b"))];
    expect(await known(checkedSubnetIds("alb.subnets", subnets, rule))).toEqual(["subnet-a", "subnet-b"]);
  });

  test("are refused at once where plain zones repeat", () => {
    const subnets = [subnet("subnet-a", "eu-west-1a"), subnet("subnet-b", "eu-west-1a")];
    expect(() => checkedSubnetIds("alb.subnets", subnets, rule)).toThrow("two subnets are in the same zone");
  });
});
