import {
  checkCount,
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  knownAfter,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import * as route53 from "@pulumi/aws/route53/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkNames } from "../loadBalancer/certificate.ts";
import { ArnKinds, checkArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import { DnsRouting, type RegionalDnsArgs } from "./regionalDnsArgs.ts";

/**
 * One region's record of a name that several regions share, with the health check that takes the region out of it. No
 * region's record knows another's, so a region can be made, lost and made again alone.
 *
 * Cost: about $2.75 a month for the HTTPS health check. https://aws.amazon.com/route53/pricing
 *
 * @example
 * ```ts
 * new RegionalDns("broker", {
 *   zoneId,
 *   host: "broker.example.com",
 *   regionalHost: "us-east-1.broker.example.com",
 *   region: "us-east-1",
 *   targetDnsName: balancer.dnsName,
 *   targetZoneId: balancer.zoneId,
 *   certificateArn: balancer.certificateArn,
 *   healthPath: "/health",
 * });
 * ```
 */
export class RegionalDns extends pulumi.ComponentResource {
  /** Address of the service in whichever region answers. */
  public readonly url: pulumi.Output<string>;
  /** Address of the service in this region. */
  public readonly regionalUrl: pulumi.Output<string>;
  /** Id of the health check. */
  public readonly healthCheckId: pulumi.Output<string>;

  /** @throws InputError for names that are not hosts or are one, and for a certificate of another region. */
  constructor(name: string, args: RegionalDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "RegionalDnsArgs", `${name} (RegionalDns)`, args);
    super("gatehouse:aws:RegionalDns", name, {}, opts);
    throwIfAny(checkRegionalDns(describe(name, this), args));

    const target = this.aliasOf(name, args);
    const regional = this.createRegionalRecord(name, args, target, opts);
    const health = this.createHealthCheck(name, args, regional, opts);
    const shared = this.createSharedRecord(name, args, target, health, opts);

    this.url = pulumi.interpolate`https://${shared.name}`;
    this.regionalUrl = pulumi.interpolate`https://${regional.name}`;
    this.healthCheckId = health.id;
    this.registerOutputs({ url: this.url, regionalUrl: this.regionalUrl, healthCheckId: this.healthCheckId });
  }

  /** The load balancer, once its certificate is known to be of the region. */
  private aliasOf(name: string, args: RegionalDnsArgs): Alias {
    const { certificateArn, region, targetDnsName, targetZoneId } = args;
    const subject = `${describe(name, this)}.certificateArn`;
    const checked = checkedInput(certificateArn, (arn) => checkCertificate(subject, arn, region));
    return {
      name: knownAfter(targetDnsName, [checked]),
      zoneId: targetZoneId,
      evaluateTargetHealth: true,
    };
  }

  private createRegionalRecord(
    name: string,
    { zoneId, regionalHost }: RegionalDnsArgs,
    target: Alias,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): route53.Record {
    return new route53.Record(
      `${name}-regional`,
      { zoneId, name: regionalHost, type: "A", aliases: [target] },
      childOptions(this, opts),
    );
  }

  /** Of the region's own name: the shared one would be answered by any region. */
  private createHealthCheck(
    name: string,
    { healthPath, healthIntervalSeconds = 30, failureThreshold = 3, regionalHost, tags }: RegionalDnsArgs,
    regional: route53.Record,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): route53.HealthCheck {
    return new route53.HealthCheck(
      `${name}-health`,
      {
        type: "HTTPS",
        fqdn: regionalHost,
        port: 443,
        resourcePath: healthPath,
        enableSni: true,
        requestInterval: healthIntervalSeconds,
        failureThreshold,
        tags: { Name: regionalHost, ...tags },
      },
      childOptions(this, opts, { dependsOn: regional }),
    );
  }

  private createSharedRecord(
    name: string,
    { zoneId, host, region, setIdentifier = region, routing = DnsRouting.Latency }: RegionalDnsArgs,
    target: Alias,
    health: route53.HealthCheck,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): route53.Record {
    return new route53.Record(
      `${name}-shared`,
      {
        zoneId,
        name: host,
        type: "A",
        setIdentifier,
        healthCheckId: health.id,
        aliases: [target],
        ...(routing === DnsRouting.Latency
          ? { latencyRoutingPolicies: [{ region }] }
          : { failoverRoutingPolicies: [{ type: routing === DnsRouting.FailoverPrimary ? "PRIMARY" : "SECONDARY" }] }),
      },
      childOptions(this, opts),
    );
  }
}

interface Alias {
  name: pulumi.Output<string>;
  zoneId: pulumi.Input<string>;
  evaluateTargetHealth: boolean;
}

function checkCertificate(subject: string, arn: string, region: string): Problem[] {
  if (arn !== "") return checkArn(subject, ArnKinds.Certificate, arn, region);
  const fix = `request a certificate in ${region}`;
  return [{ subject, message: "the region has no certificate", value: region, expected: "the ARN of one", fix }];
}

function checkRegionalDns(subject: string, args: RegionalDnsArgs): Problem[] {
  const { region, host, regionalHost, healthPath, healthIntervalSeconds, failureThreshold, setIdentifier } = args;
  return [
    ...checkRegion(`${subject}.region`, region),
    ...checkNames(`${subject}.host`, [host], false),
    ...checkNames(`${subject}.regionalHost`, [regionalHost], false),
    ...(host === regionalHost
      ? [
          {
            subject: `${subject}.regionalHost`,
            message: "the health check would ask whichever region answers, not this one",
            value: regionalHost,
            expected: "a name of this region alone",
            fix: `use ${region}.${host}`,
          },
        ]
      : []),
    ...(/^\/\S{0,254}$/.test(healthPath)
      ? []
      : [{ subject: `${subject}.healthPath`, message: "not a path", value: healthPath, expected: "a path: /health" }]),
    ...(healthIntervalSeconds === undefined || [10, 30].includes(healthIntervalSeconds)
      ? []
      : [
          {
            subject: `${subject}.healthIntervalSeconds`,
            message: "Route 53 knows two intervals",
            value: String(healthIntervalSeconds),
            expected: "10 or 30",
          },
        ]),
    ...checkCount(`${subject}.failureThreshold`, "not a number of failures", failureThreshold, { least: 1, most: 10 }),
    ...(setIdentifier === undefined || (setIdentifier.length > 0 && setIdentifier.length <= 128)
      ? []
      : [
          {
            subject: `${subject}.setIdentifier`,
            message: "not the name of a record",
            value: `${setIdentifier.length} characters`,
            expected: "1 to 128 characters",
          },
        ]),
  ];
}
