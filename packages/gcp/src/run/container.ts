import {
  checkedInput,
  checkLinks,
  checkPinned,
  type Endpoint,
  type EnvironmentArgs,
  isWithin,
  knownAfter,
  mergeEnvironments,
  parseCidr,
  type Problem,
  type SecretRef,
} from "@gatehouse/core";
import * as secretmanager from "@pulumi/gcp/secretmanager/index.js";
import type * as gcp from "@pulumi/gcp/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { checkContainerResources, type ContainerResourcesArgs, normalCpu } from "./containerResources.ts";
import { checkEnvironment, readable, renderEnvironment } from "./environment.ts";
import { ServiceIdentity } from "../identity/serviceIdentity.ts";
import { checkVpcAccess, type VpcAccessArgs } from "./vpcAccess.ts";

/** Arguments that a service and a job share. */
export interface ContainerArgs extends ContainerResourcesArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** Region: `us-central1`. */
  region: pulumi.Input<string>;
  /** Image: a digest, or a tag other than `latest`. */
  image: pulumi.Input<string>;
  /**
   * Command that replaces the image's entry point.
   * @default the image's entry point
   */
  command?: pulumi.Input<string>[];
  /**
   * Environment variables. The servers in `connectsTo` add theirs; a variable that you set here wins.
   * @default none
   */
  environment?: EnvironmentArgs;
  /**
   * Servers that the program connects to, such as the `endpoint` of a CloudSqlDb or a MemorystoreRedis. An endpoint with
   * pods only is an error, because Cloud Run cannot reach pods.
   * @default none
   */
  connectsTo?: Endpoint[];
  /**
   * Access to a VPC network. Required for an endpoint with a private address.
   * @default none
   */
  vpcAccess?: VpcAccessArgs;
  /**
   * E-mail address of the service account. It must be able to read the secrets and to connect to the databases.
   * @default a new account with a grant for each secret, and with roles/cloudsql.client if it connects to Cloud SQL
   */
  serviceAccount?: pulumi.Input<string>;
}

/** The environment, with the variables that links add. */
export function fullEnvironment({ connectsTo = [], environment }: ContainerArgs): EnvironmentArgs {
  const links = connectsTo.map((server) => mergeEnvironments(server.environment, server.cloudSql?.environment));
  return mergeEnvironments(...links, environment);
}

/** Checks the arguments that a service and a job share. */
export function checkContainer(subject: string, args: ContainerArgs): Problem[] {
  const { connectsTo = [], vpcAccess } = args;
  const inNetwork = connectsTo.filter(isPrivate).map(({ name }) => name);
  return [
    ...checkContainerResources(subject, args),
    ...checkEnvironment(subject, fullEnvironment(args)),
    ...checkVpcAccess(`${subject}.vpcAccess`, vpcAccess),
    ...checkLinks(`${subject}.connectsTo`, connectsTo),
    ...connectsTo.flatMap((server) => checkReachable(`${subject}.connectsTo`, server)),
    ...(inNetwork.length > 0 && !vpcAccess
      ? [
          {
            subject: `${subject}.vpcAccess`,
            message: "there is no way to the private addresses of the servers in connectsTo",
            value: inNetwork.join(", "),
            expected: "the vpcAccess of a PrivateNetwork",
          },
        ]
      : []),
  ];
}

/** Private and shared ranges: https://www.rfc-editor.org/rfc/rfc1918, https://www.rfc-editor.org/rfc/rfc6598 */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Whether a server has addresses in a network. An address that is not known yet counts as one. */
function isPrivate({ addresses = [], cloudSql }: Endpoint): boolean {
  return (
    cloudSql !== undefined ||
    addresses.some(({ cidr }) => {
      const range = typeof cidr === "string" ? parseCidr(cidr) : undefined;
      if (!range) return typeof cidr !== "string";
      return privateRanges.some((outer) => {
        const whole = parseCidr(outer);
        return whole !== undefined && isWithin(range, whole);
      });
    })
  );
}

/** Checks that a server has an address, or a socket of Cloud SQL. */
function checkReachable(subject: string, { name, addresses = [], cloudSql, pods, securityGroup }: Endpoint): Problem[] {
  if (cloudSql !== undefined || addresses.length > 0) return [];
  const only = [pods && "pods", securityGroup && "a security group"].filter((part) => part !== undefined);
  return [
    {
      subject,
      message: "Cloud Run cannot reach the server",
      value: `${name}, which has ${only.length > 0 ? `only ${only.join(" and ")}` : "no address"}`,
      expected: "an endpoint with addresses, or with a socket of Cloud SQL",
      fix: "expose the server at an address, and connect to external(name, port, cidrs)",
    },
  ];
}

/** The image, which must be pinned: a plain value is checked at once, an Output as it resolves. */
export function pinnedImage(subject: string, image: pulumi.Input<string>): pulumi.Input<string> {
  return checkedInput(image, (reference) => checkPinned(reference, `${subject}.image`));
}

/** The parts of a container that services and jobs have in common, as the API takes them. */
export function renderContainer(
  subject: string,
  args: ContainerArgs,
): Pick<gcp.cloudrunv2.JobTemplateTemplateContainer, "image" | "commands" | "envs" | "volumeMounts"> {
  return {
    image: pinnedImage(subject, args.image),
    commands: args.command?.map((word, index) => readable(`${subject}.command[${index}]`, word)),
    envs: renderEnvironment(subject, fullEnvironment(args)),
    volumeMounts: cloudSqlInstances(args).length > 0 ? [{ name: "cloudsql", mountPath: "/cloudsql" }] : undefined,
  };
}

/** Limits of CPU and memory. */
export function renderLimits({ cpu = "1", memory = "512Mi" }: ContainerResourcesArgs): Record<string, string> {
  return { cpu: normalCpu(cpu), memory };
}

/** Volumes with the sockets of Cloud SQL. */
export function renderVolumes(
  args: ContainerArgs,
): { name: string; cloudSqlInstance: { instances: pulumi.Input<string>[] } }[] | undefined {
  const instances = cloudSqlInstances(args);
  return instances.length > 0 ? [{ name: "cloudsql", cloudSqlInstance: { instances } }] : undefined;
}

function cloudSqlInstances({ connectsTo = [] }: ContainerArgs): pulumi.Input<string>[] {
  return connectsTo.flatMap(({ cloudSql }) => (cloudSql ? [cloudSql.connectionName] : []));
}

/**
 * The account that a container runs as: the given one, or a new one, which is known once it has its grants.
 */
export function containerIdentity(
  name: string,
  args: ContainerArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  if (args.serviceAccount !== undefined) return args.serviceAccount;
  const roles = cloudSqlInstances(args).length > 0 ? ["roles/cloudsql.client"] : [];
  const { parent, dependsOn } = options;
  const { email } = new ServiceIdentity(name, { project: args.project, roles }, { parent, dependsOn });
  const grants = [...distinctSecrets(fullEnvironment(args))].map(
    ([variable, { secret }]) =>
      new secretmanager.SecretIamMember(
        `${name}-reads-${variable.toLowerCase().replaceAll("_", "-")}`,
        {
          project: args.project,
          secretId: secret,
          role: "roles/secretmanager.secretAccessor",
          member: pulumi.interpolate`serviceAccount:${email}`,
        },
        options,
      ),
  );
  return knownAfter(
    email,
    grants.map(({ etag }) => etag),
  );
}

/** One reference of each secret, with the first variable that reads it. */
function distinctSecrets({ secrets = {} }: EnvironmentArgs): [string, SecretRef][] {
  const known = new Set<pulumi.Input<string>>();
  return Object.entries(secrets).filter(([, { secret }]) => !known.has(secret) && known.add(secret));
}
