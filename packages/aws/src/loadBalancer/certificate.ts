import { childOptions, type Problem, repeated } from "@gatehouse/core";
import * as acm from "@pulumi/aws/acm/index.js";
import * as route53 from "@pulumi/aws/route53/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { DnsArgs } from "./loadBalancerArgs.ts";

/**
 * A certificate for the names, validated by records in their zone.
 *
 * @param parent The component, whose options are `opts`.
 * @returns ARN of the certificate. It is known once the certificate is issued.
 */
export function createCertificate(
  parent: pulumi.Resource,
  name: string,
  region: string,
  { zoneId, names }: DnsArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.Output<string> {
  const [domainName = "", ...subjectAlternativeNames] = names;
  const certificate = new acm.Certificate(
    name,
    { region, domainName, subjectAlternativeNames, validationMethod: "DNS" },
    childOptions(parent, opts),
  );
  const records = validatedDomains(names).map((domain) => {
    const option = certificate.domainValidationOptions.apply((options) =>
      options.find((one) => withoutWildcard(one.domainName) === domain),
    );
    return new route53.Record(
      `${name}-validation-${domain}`,
      {
        zoneId,
        name: option.apply((one) => one?.resourceRecordName ?? ""),
        type: option.apply((one) => one?.resourceRecordType ?? "CNAME"),
        records: [option.apply((one) => one?.resourceRecordValue ?? "")],
        ttl: 300,
        // A certificate for the same name in another region has the same record.
        allowOverwrite: true,
      },
      childOptions(parent, opts),
    );
  });
  const validation = new acm.CertificateValidation(
    name,
    { region, certificateArn: certificate.arn, validationRecordFqdns: records.map(({ fqdn }) => fqdn) },
    childOptions(parent, opts),
  );
  return validation.certificateArn;
}

/** The domains that ACM validates: a domain and its wildcard share one record. */
export function validatedDomains(names: string[]): string[] {
  return [...new Set(names.map(withoutWildcard))];
}

function withoutWildcard(name: string): string {
  return name.replace(/^\*\./, "");
}

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const form = new RegExp(`^(\\*\\.)?${label}(\\.${label})+$`);
/** https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const longestFirst = 64;

/** Checks names of a service as names in a zone and in a certificate. */
export function checkNames(subject: string, names: string[], isCertificateMade: boolean): Problem[] {
  const [first = ""] = names;
  return [
    ...(names.length > 0 ? [] : [{ subject, message: "there is no name", value: "an empty list", expected: "a host" }]),
    ...names
      .filter((name) => !form.test(name))
      .map((value) => ({
        subject,
        message: "not the name of a host",
        value,
        expected: "lower-case labels with dots between them, such as orders.example.com or *.example.com",
      })),
    ...repeated(names).map((value) => ({
      subject,
      message: "the name is given twice",
      value,
      expected: "each name once",
    })),
    ...(isCertificateMade && first.length > longestFirst
      ? [
          {
            subject,
            message: "the first name of a certificate is too long",
            value: `${first}, ${first.length} characters`,
            expected: `at most ${longestFirst} characters`,
            fix: "put a shorter name first",
          },
        ]
      : []),
  ];
}
