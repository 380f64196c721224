import {
  checkedArgs,
  childOptions,
  describe,
  knownAfter,
  type Problem,
  protection,
  type SecurityGroupRefArgs,
  throwIfAny,
} from "@gatehouse/core";
import * as efs from "@pulumi/aws/efs/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { SecurityGroup } from "../network/securityGroup.ts";
import { checkedSubnetIds, checkZoneRegion, type SubnetArgs } from "../network/subnet.ts";
import { ArnKinds, checkedArn, checkPlainArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import { policyDocument } from "../policy/policyDocument.ts";

/** Port of NFS, which EFS speaks. */
const port = 2049;

/** A directory of the file system, which clients see as its root. */
export interface AccessPointArgs {
  /** Path of the directory: `/orders`. It is made when a client first mounts it. */
  path: string;
  /** User id, which every client has whatever its own is. */
  user: number;
  /**
   * Group id.
   * @default the user id
   */
  group?: number;
  /**
   * Permissions of a new directory, octal.
   * @default "0750"
   */
  permissions?: string;
}

/** Clients that mount the file system. */
export interface FileSystemClientArgs {
  /** Name of the clients: `cluster`. */
  name: string;
  /** Security group of the clients. */
  securityGroup: SecurityGroupRefArgs;
}

/** A copy of the file system in another region, which AWS makes and keeps up to date. */
export interface FileSystemReplicationArgs {
  /** Region of the copy. */
  region: string;
  /**
   * ARN of a key in that region.
   * @default the account's key for EFS there
   */
  kmsKeyArn?: pulumi.Input<string>;
}

export interface SharedFileSystemArgs {
  /** Region of the VPC: `us-east-1`. */
  region: string;
  /** Id of the VPC. */
  vpcId: pulumi.Input<string>;
  /** Subnets for the mount targets, one in each zone that has clients. Add new ones at the end. */
  subnets: SubnetArgs[];
  /** Clients that mount it. */
  admits: FileSystemClientArgs[];
  /** Directories by a name that you choose. */
  accessPoints: Record<string, AccessPointArgs>;
  /**
   * ARN of the key that it is encrypted with. A change replaces the file system, which deletion protection refuses.
   * @default the account's key for EFS
   */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * Whether AWS Backup takes a copy each day and keeps it for 35 days.
   * @default true
   */
  backups?: boolean;
  /**
   * Copy in another region.
   * @default none
   */
  replication?: FileSystemReplicationArgs;
  /**
   * Whether Pulumi refuses to delete the file system.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Tags of the file system.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}

/**
 * A file system of EFS that pods in several zones mount at once: encrypted at rest and on the way, one mount target in
 * each zone, backed up each day.
 *
 * Cost: $0.30 a GB and month in us-east-1, $0.016 after 30 days without a read.
 *
 * @example
 * ```ts
 * const files = new SharedFileSystem("shop", {
 *   region: "us-east-1",
 *   vpcId,
 *   subnets,
 *   admits: [{ name: "cluster", securityGroup: { id: clusterSecurityGroupId } }],
 *   accessPoints: { orders: { path: "/orders", user: 1000 } },
 * });
 * export const volumeHandle = files.volumeHandles.orders;
 * ```
 */
export class SharedFileSystem extends pulumi.ComponentResource {
  /** Id of the file system, known once it can be mounted. */
  public readonly fileSystemId: pulumi.Output<string>;
  /** Access points by name, as a PersistentVolume of `efs.csi.aws.com` names them: `fs-0123::fsap-4567`. */
  public readonly volumeHandles: Record<string, pulumi.Output<string>>;
  /** Security group of the mount targets. */
  public readonly securityGroupId: pulumi.Output<string>;

  /** @throws InputError for subnets in one zone, paths and permissions that EFS refuses, and keys of other regions. */
  constructor(name: string, args: SharedFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "SharedFileSystemArgs", `${name} (SharedFileSystem)`, args);
    super("gatehouse:aws:SharedFileSystem", name, {}, opts);
    const subject = describe(name, this);
    throwIfAny(checkFileSystem(subject, args));
    const subnetIds = checkedSubnetIds(`${subject}.subnets`, args.subnets, { zones: 1, noun: "a file system" });

    const { region, vpcId, admits, accessPoints, replication } = args;
    const group = new SecurityGroup(
      name,
      { region, vpcId, admits: admits.map((client) => ({ ...client, port })), tags: args.tags },
      childOptions(this, opts),
    );
    const fileSystem = this.createFileSystem(name, args, opts);
    const fileSystemId = fileSystem.id;
    const targets = args.subnets.map((_, index) => {
      const subnetId = subnetIds.apply((ids) => ids[index] ?? "");
      return new efs.MountTarget(
        `${name}-${index + 1}`,
        { region, fileSystemId, subnetId, securityGroups: [group.groupId] },
        childOptions(this, opts),
      );
    });
    const policy = this.createPolicy(name, region, fileSystem, opts);
    new efs.BackupPolicy(
      name,
      { region, fileSystemId, backupPolicy: { status: args.backups === false ? "DISABLED" : "ENABLED" } },
      childOptions(this, opts),
    );
    // AWS makes the copy. One that Pulumi manages would be refused at each refresh, as its protection changes.
    if (replication)
      new efs.ReplicationConfiguration(
        name,
        {
          region,
          sourceFileSystemId: fileSystemId,
          destination: {
            region: replication.region,
            kmsKeyId: checkedArn(
              `${describe(name, this)}.replication.kmsKeyArn`,
              ArnKinds.KmsKey,
              replication.kmsKeyArn,
              replication.region,
            ),
          },
        },
        childOptions(this, opts),
      );
    this.fileSystemId = knownAfter(fileSystemId, [policy.id, ...targets.map(({ id }) => id)]);
    this.volumeHandles = Object.fromEntries(
      Object.entries(accessPoints).map(([key, point]) => [key, this.createAccessPoint(name, key, point, region, opts)]),
    );
    this.securityGroupId = group.groupId;
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      volumeHandles: this.volumeHandles,
      securityGroupId: this.securityGroupId,
    });
  }

  private createFileSystem(
    name: string,
    { region, kmsKeyArn, deletionProtection = true, tags }: SharedFileSystemArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): efs.FileSystem {
    return new efs.FileSystem(
      name,
      {
        region,
        encrypted: true,
        kmsKeyId: checkedArn(`${describe(name, this)}.kmsKeyArn`, ArnKinds.KmsKey, kmsKeyArn, region),
        throughputMode: "elastic",
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
        tags: { Name: name, ...tags },
      },
      childOptions(this, opts, protection(deletionProtection)),
    );
  }

  /** Mounting is for clients inside the VPC, by TLS, through an access point. */
  private createPolicy(
    name: string,
    region: string,
    { id, arn }: efs.FileSystem,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): efs.FileSystemPolicy {
    const policy = policyDocument([
      {
        Sid: "ClientsMountByMountTarget",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: arn,
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
      {
        Sid: "RefuseUnencryptedMounts",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "*",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "RefuseMountsWithoutAccessPoint",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "elasticfilesystem:ClientMount",
        Resource: arn,
        Condition: { Null: { "elasticfilesystem:AccessPointArn": "true" } },
      },
    ]);
    return new efs.FileSystemPolicy(name, { region, fileSystemId: id, policy }, childOptions(this, opts));
  }

  private createAccessPoint(
    name: string,
    key: string,
    { path, user, group = user, permissions = "0750" }: AccessPointArgs,
    region: string,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    const point = new efs.AccessPoint(
      `${name}-${key}`,
      {
        region,
        fileSystemId: this.fileSystemId,
        posixUser: { uid: user, gid: group },
        rootDirectory: { path, creationInfo: { ownerUid: user, ownerGid: group, permissions } },
        tags: { Name: `${name}-${key}` },
      },
      childOptions(this, opts),
    );
    return pulumi.interpolate`${this.fileSystemId}::${point.id}`;
  }
}

function checkFileSystem(subject: string, args: SharedFileSystemArgs): Problem[] {
  const { region, subnets, admits, accessPoints, kmsKeyArn, replication } = args;
  return [
    ...checkRegion(`${subject}.region`, region),
    ...checkZoneRegion(`${subject}.subnets`, subnets, region),
    ...(admits.length > 0
      ? []
      : [
          {
            subject: `${subject}.admits`,
            message: "nobody may mount the file system",
            expected: "at least one client",
          },
        ]),
    ...checkPlainArn(`${subject}.kmsKeyArn`, ArnKinds.KmsKey, kmsKeyArn, region),
    ...Object.entries(accessPoints).flatMap(([key, point]) =>
      checkAccessPoint(`${subject}.accessPoints.${key}`, point),
    ),
    ...(replication ? checkReplication(`${subject}.replication`, replication, region) : []),
  ];
}

// https://docs.aws.amazon.com/efs/latest/ug/create-access-point.html
function checkAccessPoint(subject: string, { path, user, group = user, permissions }: AccessPointArgs): Problem[] {
  return [
    ...(/^(\/[^/\s]+){1,4}$/.test(path) && path.length <= 100
      ? []
      : [
          {
            subject: `${subject}.path`,
            message: "EFS refuses the path of an access point",
            value: path,
            expected: "an absolute path of one to four directories and at most 100 characters, such as /orders",
          },
        ]),
    ...Object.entries(group === user ? { user } : { user, group }).flatMap(([option, id]) =>
      Number.isInteger(id) && id >= 1 && id <= 4_294_967_295
        ? []
        : [
            {
              subject: `${subject}.${option}`,
              message: id === 0 ? "0 is root, who may read every file" : "not a numeric id",
              value: String(id),
              expected: "a whole number from 1 to 4294967295",
            },
          ],
    ),
    ...(permissions === undefined || /^0?[0-7]{3}$/.test(permissions)
      ? []
      : [
          {
            subject: `${subject}.permissions`,
            message: "not permissions of a directory",
            value: permissions,
            expected: "three octal digits, such as 0750",
          },
        ]),
  ];
}

function checkReplication(
  subject: string,
  { region, kmsKeyArn }: FileSystemReplicationArgs,
  source: string,
): Problem[] {
  return [
    ...checkRegion(`${subject}.region`, region),
    ...(region === source
      ? [
          {
            subject: `${subject}.region`,
            message: "the copy is in the region of the file system",
            value: region,
            expected: "another region",
          },
        ]
      : []),
    ...checkPlainArn(`${subject}.kmsKeyArn`, ArnKinds.KmsKey, kmsKeyArn, region),
  ];
}
