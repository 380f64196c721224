import { SharedFileSystem, type SharedFileSystemArgs } from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { account, policyOf, record, refusal, region } from "../support/record.ts";

const subnet = (letter: string, zone = `${region}${letter}`) => ({ id: `subnet-${letter}`, zone, cidr: "10.0.0.0/24" });

const make =
  (args: Partial<SharedFileSystemArgs> = {}) =>
  () =>
    new SharedFileSystem("shop", {
      region,
      vpcId: "vpc-1",
      subnets: [subnet("a"), subnet("b")],
      admits: [{ name: "cluster", securityGroup: { id: "sg-cluster" } }],
      accessPoints: { orders: { path: "/orders", user: 1000 } },
      ...args,
    });

test("a file system is encrypted, protected and backed up, with a mount target in each zone", async () => {
  const recording = await record(make());
  const fileSystem = recording.resource("aws:efs/fileSystem:FileSystem", "shop");
  expect(fileSystem.inputs).toEqual({
    region,
    encrypted: true,
    throughputMode: "elastic",
    lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
    tags: { Name: "shop" },
  });
  expect(fileSystem.protect).toBe(true);
  expect(recording.resource("aws:efs/backupPolicy:BackupPolicy", "shop").inputs).toEqual({
    region,
    fileSystemId: "shop-id",
    backupPolicy: { status: "ENABLED" },
  });
  const targets = recording.ofType("aws:efs/mountTarget:MountTarget").map(({ name, inputs }) => [name, inputs]);
  expect(targets).toEqual([
    ["shop-1", { region, fileSystemId: "shop-id", subnetId: "subnet-a", securityGroups: ["shop-id"] }],
    ["shop-2", { region, fileSystemId: "shop-id", subnetId: "subnet-b", securityGroups: ["shop-id"] }],
  ]);
  expect(recording.names("aws:efs/replicationConfiguration:ReplicationConfiguration")).toEqual([]);
});

test("clients of the security group reach NFS and nothing else", async () => {
  const recording = await record(make());
  const rules = recording.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
  expect(rules.map(({ inputs }) => inputs)).toMatchObject([
    { referencedSecurityGroupId: "sg-cluster", ipProtocol: "tcp", fromPort: 2049, toPort: 2049 },
  ]);
  expect(recording.names("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toEqual([]);
});

test("the policy: by TLS, by a mount target, and through an access point", async () => {
  const recording = await record(make());
  const resource = `arn:aws:efs:${region}:${account}:shop`;
  expect(policyOf(recording.resource("aws:efs/fileSystemPolicy:FileSystemPolicy", "shop"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ClientsMountByMountTarget",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: resource,
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
      {
        Sid: "RefuseUnencryptedMounts",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "*",
        Resource: resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "RefuseMountsWithoutAccessPoint",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "elasticfilesystem:ClientMount",
        Resource: resource,
        Condition: { Null: { "elasticfilesystem:AccessPointArn": "true" } },
      },
    ],
  });
});

test("an access point is a directory with one owner, and a volume handle for the cluster", async () => {
  const handles: string[] = [];
  const recording = await record(() => {
    make()().volumeHandles.orders?.apply((handle) => handles.push(handle));
  });
  expect(recording.resource("aws:efs/accessPoint:AccessPoint", "shop-orders").inputs).toEqual({
    region,
    fileSystemId: "shop-id",
    posixUser: { uid: 1000, gid: 1000 },
    rootDirectory: { path: "/orders", creationInfo: { ownerUid: 1000, ownerGid: 1000, permissions: "0750" } },
    tags: { Name: "shop-orders" },
  });
  expect(handles).toEqual(["shop-id::shop-orders-id"]);
});

test("a copy in another region is made by AWS; backups can be off", async () => {
  const kmsKeyArn = `arn:aws:kms:us-west-2:${account}:key/copy`;
  const recording = await record(make({ replication: { region: "us-west-2", kmsKeyArn }, backups: false }));
  expect(recording.resource("aws:efs/replicationConfiguration:ReplicationConfiguration", "shop").inputs).toEqual({
    region,
    sourceFileSystemId: "shop-id",
    destination: { region: "us-west-2", kmsKeyId: kmsKeyArn },
  });
  expect(recording.resource("aws:efs/backupPolicy:BackupPolicy", "shop").inputs.backupPolicy).toEqual({
    status: "DISABLED",
  });
});

test.each<[string, Partial<SharedFileSystemArgs>, string]>([
  [
    "two subnets in one zone",
    { subnets: [subnet("a"), subnet("b", `${region}a`)] },
    `shop (SharedFileSystem).subnets: two subnets are in the same zone, and a file system has one subnet in a zone`,
  ],
  ["nobody", { admits: [] }, `shop (SharedFileSystem).admits: nobody may mount the file system`],
  [
    "root",
    { accessPoints: { orders: { path: "/orders", user: 0 } } },
    `shop (SharedFileSystem).accessPoints.orders.user: 0 is root, who may read every file
  value:    0
  expected: a whole number from 1 to 4294967295`,
  ],
  [
    "a relative path",
    { accessPoints: { orders: { path: "orders", user: 1000 } } },
    `shop (SharedFileSystem).accessPoints.orders.path: EFS refuses the path of an access point`,
  ],
  [
    "permissions that are none",
    { accessPoints: { orders: { path: "/orders", user: 1000, permissions: "rwx" } } },
    `shop (SharedFileSystem).accessPoints.orders.permissions: not permissions of a directory`,
  ],
  [
    "a copy in the same region",
    { replication: { region } },
    `shop (SharedFileSystem).replication.region: the copy is in the region of the file system`,
  ],
  [
    "a key of another region",
    { kmsKeyArn: `arn:aws:kms:us-west-2:${account}:key/copy` },
    `shop (SharedFileSystem).kmsKeyArn: a KMS key of another region cannot be used here`,
  ],
])("%s is refused", async (_, args, expected) => {
  expect((await refusal(make(args))).slice(0, expected.length)).toBe(expected);
});

test("a key of another region is refused also if it is known late, for the file system and for its copy", async () => {
  const wrong = pulumi.output(`arn:aws:kms:ap-south-1:${account}:key/shop`);
  const refused = "a KMS key of another region cannot be used here";
  expect(await refusal(make({ kmsKeyArn: wrong }))).toContain(`shop (SharedFileSystem).kmsKeyArn: ${refused}`);
  const replication = { region: "us-west-2", kmsKeyArn: wrong };
  expect(await refusal(make({ replication }))).toContain(`shop (SharedFileSystem).replication.kmsKeyArn: ${refused}`);
});
