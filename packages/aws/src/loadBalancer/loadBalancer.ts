import {
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  knownAfter,
  member,
  ownName,
  protection,
  throwIfAny,
} from "@gatehouse/core";
import * as lb from "@pulumi/aws/lb/index.js";
import * as route53 from "@pulumi/aws/route53/index.js";
import * as wafv2 from "@pulumi/aws/wafv2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import type { MonitoredLoadBalancerArgs } from "../monitoring/loadBalancerAlarms.ts";
import { SecurityGroup } from "../network/securityGroup.ts";
import { checkedSubnetIds } from "../network/subnet.ts";
import { ArnKinds, checkArn } from "../partition/arn.ts";
import { createCertificate } from "./certificate.ts";
import { createListeners } from "./listeners.ts";
import { type LoadBalancerArgs, LoadBalancerScheme } from "./loadBalancerArgs.ts";
import { admitted, checkLoadBalancer } from "./loadBalancerChecks.ts";
import { namePrefix, targetEndpoints, targetGroupArgs } from "./targetGroup.ts";
import { createWebAcl } from "./webAcl.ts";

/**
 * An application load balancer with HTTPS, a certificate, security headers, a web application firewall and target groups
 * of addresses.
 *
 * Pods are registered by a `TargetGroupBinding` of `@gatehouse/kubernetes`, which needs the AWS Load Balancer Controller
 * in the cluster. To let the controller make the load balancer, use the `Edge` of that package instead.
 *
 * Cost: about $16 a month and $6 for each LCU, and $8 for the web ACL with its rules. Check the rates at
 * https://aws.amazon.com/elasticloadbalancing/pricing and https://aws.amazon.com/waf/pricing.
 *
 * To destroy it, set `deletionProtection: false` and run an update first.
 *
 * @example
 * ```ts
 * const balancer = new LoadBalancer("shop", {
 *   region: "us-east-1",
 *   vpcId,
 *   subnets: publicSubnets,
 *   scheme: LoadBalancerScheme.InternetFacing,
 *   dns: { zoneId, names: ["shop.example.com"] },
 *   targets: { orders: { port: 8080, healthPath: "/ready", addresses: podRanges } },
 * });
 * new TargetGroupBinding("orders", {
 *   target: workload.target,
 *   targetGroupArn: balancer.targetGroupArn("orders"),
 *   securityGroupId: balancer.securityGroupId,
 *   subnetCidrs: publicSubnets.map(({ cidr }) => cidr),
 * });
 * ```
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** ARN of the load balancer. */
  public readonly arn: pulumi.Output<string>;
  /** DNS name of the load balancer. */
  public readonly dnsName: pulumi.Output<string>;
  /** Id of the hosted zone of `dnsName`, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  /** Address of the service: `https://` and the first of the names, or the DNS name. */
  public readonly url: pulumi.Output<string>;
  /** Id of the load balancer's security group. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** ARN of the certificate. */
  public readonly certificateArn: pulumi.Output<string>;
  /** ARNs of the target groups by name. They are known once a listener forwards to them. */
  public readonly targetGroupArns: Record<string, pulumi.Output<string>>;
  /** The load balancer, for the `loadBalancers` of CloudWatchAlarms. */
  public readonly monitored: MonitoredLoadBalancerArgs;

  /** @throws InputError for arguments that AWS refuses or ignores, or that leave the service unreachable. */
  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "LoadBalancerArgs", `${name} (LoadBalancer)`, args);
    super("gatehouse:aws:LoadBalancer", name, {}, opts);
    throwIfAny(checkLoadBalancer(describe(name, this), args));

    this.securityGroupId = this.createSecurityGroup(name, args, opts);
    const balancer = this.createBalancer(name, args, opts);
    const groups = this.createTargetGroups(name, args, opts);
    this.certificateArn = this.takeCertificate(name, args, opts);
    const listeners = createListeners(
      this,
      name,
      args,
      { balancer, groups, certificateArn: this.certificateArn },
      opts,
    );
    this.createFirewall(name, args, balancer, listeners, opts);
    this.createRecords(name, args, balancer, opts);

    this.arn = balancer.arn;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.url = pulumi.interpolate`https://${args.dns?.names[0] ?? balancer.dnsName}`;
    // A binding that comes before the listener finds a target group without a load balancer.
    const listening = listeners.map(({ arn }) => arn);
    this.targetGroupArns = mapValues(groups, ({ arn }) => knownAfter(arn, listening));
    const targetGroups = mapValues(groups, ({ arnSuffix }) => arnSuffix);
    this.monitored = { arnSuffix: balancer.arnSuffix, targetGroups };
    this.registerOutputs({
      arn: this.arn,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      url: this.url,
      securityGroupId: this.securityGroupId,
      certificateArn: this.certificateArn,
      targetGroupArns: this.targetGroupArns,
      monitored: this.monitored,
    });
  }

  /**
   * ARN of a target group.
   *
   * @param key Name of the targets.
   * @throws InputError if there are no such targets.
   */
  public targetGroupArn(key: string): pulumi.Output<string> {
    return member("LoadBalancer.targetGroupArns", "the load balancer has no such targets", this.targetGroupArns, key);
  }

  private createSecurityGroup(
    name: string,
    args: LoadBalancerArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    const { region, vpcId, redirectHttp = true, targets } = args;
    const ports = redirectHttp ? [443, 80] : [443];
    const group = new SecurityGroup(
      name,
      {
        region,
        vpcId,
        admits: admitted(args).flatMap((client) => ports.map((port) => ({ ...client, port }))),
        connectsTo: targetEndpoints(targets),
      },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
    );
    return group.groupId;
  }

  private createBalancer(
    name: string,
    args: LoadBalancerArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): lb.LoadBalancer {
    const { region, subnets, minZones: zones = 2, loadBalancerName, accessLogs, deletionProtection = true } = args;
    const subject = describe(name, this);
    return new lb.LoadBalancer(
      name,
      {
        region,
        ...(loadBalancerName === undefined
          ? { namePrefix: namePrefix(name) }
          : { name: ownName("aws:LoadBalancer", `${subject}.loadBalancerName`, loadBalancerName, name) }),
        loadBalancerType: "application",
        internal: args.scheme !== LoadBalancerScheme.InternetFacing,
        subnets: checkedSubnetIds(`${subject}.subnets`, subnets, { zones, noun: "a load balancer" }),
        securityGroups: [this.securityGroupId],
        idleTimeout: args.idleTimeoutSeconds ?? 60,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        enableDeletionProtection: deletionProtection,
        ...(accessLogs && {
          accessLogs: { enabled: true, bucket: accessLogs.bucket, prefix: accessLogs.prefix },
        }),
        tags: { Name: name, ...args.tags },
      },
      childOptions(this, opts, protection(deletionProtection)),
    );
  }

  private createTargetGroups(
    name: string,
    { region, vpcId, targets }: LoadBalancerArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): Record<string, lb.TargetGroup> {
    return mapValues(
      targets,
      (target, key) =>
        new lb.TargetGroup(
          `${name}-${key}`,
          targetGroupArgs(`${name}-${key}`, region, vpcId, target),
          childOptions(this, opts),
        ),
    );
  }

  private takeCertificate(
    name: string,
    { region, certificateArn, dns }: LoadBalancerArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    if (certificateArn === undefined && dns) return createCertificate(this, name, region, dns, opts);
    const subject = `${describe(name, this)}.certificateArn`;
    return pulumi.output(
      checkedInput(certificateArn ?? "", (arn) => checkArn(subject, ArnKinds.Certificate, arn, region)),
    );
  }

  private createFirewall(
    name: string,
    { region, waf = {}, webAclArn, withoutWaf = false }: LoadBalancerArgs,
    balancer: lb.LoadBalancer,
    listeners: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    if (withoutWaf) return;
    new wafv2.WebAclAssociation(
      name,
      {
        region,
        resourceArn: balancer.arn,
        webAclArn: webAclArn ?? createWebAcl(this, name, region, waf, opts).arn,
      },
      // WAF does not find a new load balancer for some minutes.
      childOptions(this, opts, { dependsOn: listeners, customTimeouts: { create: "15m" } }),
    );
  }

  private createRecords(
    name: string,
    { dns, targets }: LoadBalancerArgs,
    balancer: lb.LoadBalancer,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    if (!dns || dns.aliasRecords === false) return;
    const evaluateTargetHealth = dns.evaluateTargetHealth ?? Object.keys(targets).length === 1;
    for (const host of dns.names)
      new route53.Record(
        `${name}-${host}`,
        {
          zoneId: dns.zoneId,
          name: host,
          type: "A",
          aliases: [{ name: balancer.dnsName, zoneId: balancer.zoneId, evaluateTargetHealth }],
        },
        childOptions(this, opts),
      );
  }
}

function mapValues<T, R>(all: Record<string, T>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key, map(value, key)]));
}
