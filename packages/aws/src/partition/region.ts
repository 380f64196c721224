import type { Problem } from "@gatehouse/core";

/** Checks the name of a region. The regions themselves are not listed, because AWS adds new ones. */
export function checkRegion(subject: string, region: string): Problem[] {
  if (/^[a-z]+(-[a-z]+)+-\d$/.test(region)) return [];
  const zone = /^([a-z]+(?:-[a-z]+)+-\d)[a-z]$/.exec(region)?.[1];
  return [
    {
      subject,
      message: zone === undefined ? "not a region" : "a zone is given as a region",
      value: region,
      expected: "the name of a region, such as us-east-1",
      fix: zone && `use ${zone}`,
    },
  ];
}

/** Names of a service's endpoint in a region, as `kms:ViaService` has them. China's end in `.cn`. */
export function serviceHosts(service: string, region: string): string[] {
  const host = `${service}.${region}.amazonaws.com`;
  return region.startsWith("cn-") ? [host, `${host}.cn`] : [host];
}
