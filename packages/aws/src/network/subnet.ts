import { checkedInput, type Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";

/** A subnet of an existing VPC. */
export interface SubnetArgs {
  /** Id: `subnet-0123456789abcdef0`. */
  id: pulumi.Input<string>;
  /** Availability zone: `us-east-1a`. */
  zone: pulumi.Input<string>;
  /** Range of its addresses: `10.20.0.0/24`. */
  cidr: pulumi.Input<string>;
}

/** What a resource asks of its subnets. */
export interface SubnetRule {
  /** The fewest zones. */
  zones: number;
  /** Name of what is placed in them: `a load balancer`. */
  noun: string;
}

/**
 * Checks that subnets are in different zones, each in one, and in enough of them. Zones that are Outputs are checked as
 * they resolve.
 *
 * @returns The ids. They are known once the zones have passed.
 * @throws InputError if plain zones do not pass.
 */
export function checkedSubnetIds(subject: string, subnets: SubnetArgs[], rule: SubnetRule): pulumi.Output<string[]> {
  const checked = checkedInput<string[]>(zonesOf(subnets), (zones) => checkZones(subject, zones, rule));
  return pulumi.all([pulumi.all(subnets.map(({ id }) => id)), checked]).apply(([ids]) => ids);
}

/** The zones as plain values where all are. */
function zonesOf(subnets: SubnetArgs[]): pulumi.Input<string[]> {
  const plain = subnets.map(({ zone }) => zone).filter((zone) => typeof zone === "string");
  return plain.length === subnets.length ? plain : pulumi.all(subnets.map(({ zone }) => zone));
}

/** Checks the zones of subnets. */
export function checkZones(subject: string, zones: string[], { zones: fewest, noun }: SubnetRule): Problem[] {
  const same = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (same !== undefined)
    return [
      {
        subject,
        message: `two subnets are in the same zone, and ${noun} has one subnet in a zone`,
        value: zones.join(", "),
        expected: `one subnet in each of at least ${fewest} zones`,
        fix: `leave out one of the subnets in ${same}, or take one in another zone`,
      },
    ];
  if (zones.length >= fewest) return [];
  return [
    {
      subject,
      message: `${noun} needs subnets in more zones`,
      value: zones.length === 0 ? "no subnet" : zones.join(", "),
      expected: `one subnet in each of at least ${fewest} zones`,
    },
  ];
}

/** Checks that zones that are plain values are in the region. */
export function checkZoneRegion(subject: string, subnets: SubnetArgs[], region: string): Problem[] {
  return subnets.flatMap(({ zone }) =>
    typeof zone !== "string" || zone.startsWith(region)
      ? []
      : [{ subject, message: "the subnet is in another region", value: zone, expected: `a zone of ${region}` }],
  );
}
