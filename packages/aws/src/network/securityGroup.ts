import {
  type AddressRangeArgs,
  checkedArgs,
  checkedInput,
  checkedPort,
  checkLinks,
  checkName,
  childOptions,
  describe,
  type Endpoint,
  ignored,
  type Problem,
  Protocol,
  type SecurityGroupRefArgs,
  throwIfAny,
} from "@gatehouse/core";
import * as ec2 from "@pulumi/aws/ec2/securityGroup.js";
import * as vpc from "@pulumi/aws/vpc/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkRegion } from "../partition/region.ts";
import {
  checkClients,
  checkResolvedRange,
  checkRuleCount,
  checkServers,
  type Peer,
  type Rule,
  ruleName,
  rulesFor,
} from "./rule.ts";

/** Clients that may connect to the members of a security group. */
export interface AdmittedClientArgs {
  /** Name of the clients, which the description of the rule carries: `cluster`. */
  name: string;
  /** Port that the members of the group listen on. */
  port: pulumi.Input<number>;
  /**
   * Last port of a range that begins with `port`.
   * @default none: one port
   */
  endPort?: number;
  /**
   * Transport protocol.
   * @default Protocol.Tcp
   */
  protocol?: Protocol;
  /**
   * Security group of the clients.
   * @default none: `addresses` says where they are
   */
  securityGroup?: SecurityGroupRefArgs;
  /**
   * Ranges of the clients' addresses. An IPv6 range must be plain text.
   * @default none: `securityGroup` says where they are
   */
  addresses?: AddressRangeArgs[];
}

export interface SecurityGroupArgs {
  /** Region of the VPC: `us-east-1`. */
  region: string;
  /**
   * Id of the VPC.
   * @default none: required unless `existingGroupId` is set
   */
  vpcId?: pulumi.Input<string>;
  /**
   * Id of an existing group that the rules are added to.
   * @default a new group
   */
  existingGroupId?: pulumi.Input<string>;
  /**
   * Servers that the members of the group connect to. Each link opens egress here, and ingress at the server's security
   * group unless the endpoint is `managedElsewhere`.
   * @default none: the members connect to nothing
   */
  connectsTo?: Endpoint[];
  /**
   * Clients that connect to the members of the group without declaring a link.
   * @default none
   */
  admits?: AdmittedClientArgs[];
  /**
   * Tags of a new group.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}

/** Direction of a rule as messages and names call it. */
type Direction = "ingress" | "egress";

/**
 * A security group whose rules follow from declared links. Everything else is denied, egress too.
 *
 * Rules are separate resources, never lists in the group. If you move rules from a list of another program, import them
 * by their `sgr-` ids first: AWS refuses a second rule of the same ports and peer. The group's name and description are
 * fixed, because a change of either replaces the group.
 *
 * @example
 * ```ts
 * const group = new SecurityGroup("orders", {
 *   region: "us-east-1",
 *   vpcId,
 *   connectsTo: [database.endpoint],
 *   admits: [{ name: "load balancer", port: 8080, securityGroup: { id: balancer.securityGroupId } }],
 * });
 * ```
 */
export class SecurityGroup extends pulumi.ComponentResource {
  /** Id of the group. */
  public readonly groupId: pulumi.Output<string>;

  /** @throws InputError for links and clients that a security group cannot allow. */
  constructor(name: string, args: SecurityGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    const given = args;
    args = checkedArgs(argsSchema, "SecurityGroupArgs", `${name} (SecurityGroup)`, args);
    super("gatehouse:aws:SecurityGroup", name, {}, opts);
    const subject = describe(name, this);
    throwIfAny([...checkGroup(subject, args), ...checkName("aws:SecurityGroup", name, subject)]);
    const egress = rulesFor(args.connectsTo ?? [], given.connectsTo ?? []);
    const ingress = rulesFor(args.admits ?? [], given.admits ?? []);
    throwIfAny([
      ...checkRuleCount(`${subject}.connectsTo`, "egress", egress),
      ...checkRuleCount(`${subject}.admits`, "ingress", ingress),
    ]);

    this.groupId = this.createGroup(name, args, opts);
    this.createRules("ingress", name, args, ingress, opts);
    this.createRules("egress", name, args, egress, opts);
    this.openServers(name, args, given, opts);
    this.registerOutputs({ groupId: this.groupId });
  }

  private createGroup(
    name: string,
    { region, vpcId, existingGroupId, tags }: SecurityGroupArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    if (existingGroupId !== undefined) return pulumi.output(existingGroupId);
    const group = new ec2.SecurityGroup(
      name,
      {
        region,
        vpcId,
        // A text of the user's would replace the group with each rewording.
        description: "Rules follow from declared links",
        // A rule of another group that names this one would stop the deletion.
        revokeRulesOnDelete: true,
        tags: { Name: name, ...tags },
      },
      childOptions(this, opts),
    );
    return group.id;
  }

  private createRules(
    direction: Direction,
    name: string,
    { region }: SecurityGroupArgs,
    rules: Rule[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const numbers = new Map<string, number>();
    for (const rule of rules) {
      const [reason = ""] = rule.reasons;
      const index = numbers.get(reason) ?? 0;
      numbers.set(reason, index + 1);
      const who = rule.reasons.join(", ");
      const content = this.ruleArgs(name, direction === "egress" ? `To ${who}` : `From ${who}`, region, rule);
      this.createRule(
        direction,
        `${name}-${direction}-${ruleName(rule, index)}`,
        { securityGroupId: this.groupId, ...content },
        opts,
      );
    }
  }

  /** The ingress rules in the servers' groups. */
  private openServers(
    name: string,
    { region, connectsTo = [] }: SecurityGroupArgs,
    given: SecurityGroupArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const isOpened = ({ securityGroup, managedElsewhere }: Endpoint): boolean =>
      securityGroup !== undefined && managedElsewhere !== true;
    for (const rule of rulesFor(connectsTo.filter(isOpened), (given.connectsTo ?? []).filter(isOpened))) {
      const content = this.ruleArgs(name, `From ${name}`, region, {
        ...rule,
        peer: { kind: "group", value: this.groupId },
      });
      const args = { securityGroupId: rule.peer.value, ...content };
      this.createRule("ingress", `${name}-server-${ruleName(rule, 0)}`, args, opts);
    }
  }

  private createRule(
    direction: Direction,
    ruleResource: string,
    args: vpc.SecurityGroupIngressRuleArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const Resource = direction === "ingress" ? vpc.SecurityGroupIngressRule : vpc.SecurityGroupEgressRule;
    // AWS would refuse the replacement as a duplicate while the old rule is there.
    new Resource(ruleResource, args, childOptions(this, opts, { deleteBeforeReplace: true }));
  }

  private ruleArgs(
    name: string,
    description: string,
    region: string,
    { ports, peer, reasons }: Rule,
  ): Omit<vpc.SecurityGroupIngressRuleArgs, "securityGroupId"> {
    const subject = `${describe(name, this)}.${reasons.join(", ")}`;
    const port = checkedPort(subject, ports);
    return {
      region,
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
      description: description.slice(0, 255),
      ipProtocol: (ports.protocol ?? Protocol.Tcp).toLowerCase(),
      fromPort: port,
      toPort: ports.endPort ?? port,
      ...peerArgs(subject, peer),
    };
  }
}

function peerArgs(subject: string, { kind, value }: Peer): Partial<vpc.SecurityGroupIngressRuleArgs> {
  if (kind === "group") return { referencedSecurityGroupId: value };
  if (kind === "ipv6") return { cidrIpv6: value };
  return { cidrIpv4: checkedInput(value, (cidr) => checkResolvedRange(subject, cidr)) };
}

function checkGroup(subject: string, args: SecurityGroupArgs): Problem[] {
  const { region, vpcId, existingGroupId, connectsTo = [], admits = [], tags } = args;
  const isNew = existingGroupId === undefined;
  return [
    ...checkRegion(`${subject}.region`, region),
    ...(isNew && vpcId === undefined
      ? [{ subject: `${subject}.vpcId`, message: "a new group needs its VPC", expected: "vpcId, or existingGroupId" }]
      : []),
    ...ignored(subject, "existingGroupId is set", isNew, { vpcId, tags }),
    ...checkLinks(`${subject}.connectsTo`, connectsTo),
    ...checkServers(`${subject}.connectsTo`, connectsTo),
    ...checkClients(`${subject}.admits`, admits),
  ];
}
