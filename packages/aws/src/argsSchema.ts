// Generated from the interfaces of the components' arguments by `npm run schema`. Do not edit.

import type { ArgsSchema } from "@gatehouse/core";

export const argsSchema: ArgsSchema = {
  AddressRangeArgs: {
    type: "object",
    properties: {
      cidr: { type: "string", input: true },
      except: { type: "array", items: { type: "string", input: true } },
    },
    required: ["cidr"],
  },
  AdmittedClientArgs: {
    type: "object",
    properties: {
      name: { type: "string" },
      port: { type: "number", input: true },
      endPort: { type: "number" },
      protocol: { type: "string", enum: ["TCP", "UDP"] },
      securityGroup: { $ref: "SecurityGroupRefArgs" },
      addresses: { type: "array", items: { $ref: "AddressRangeArgs" } },
    },
    required: ["name", "port"],
  },
  CloudSqlSocketArgs: {
    type: "object",
    properties: { connectionName: { type: "string", input: true }, environment: { $ref: "EnvironmentArgs" } },
    required: ["connectionName"],
  },
  EncryptionKeyArgs: {
    type: "object",
    properties: {
      region: { type: "string" },
      users: {
        type: "array",
        items: {
          type: "string",
          enum: ["rds", "s3", "secretsmanager", "elasticfilesystem", "ec2", "sns", "sqs", "cloudwatch", "logs"],
        },
      },
      aliasName: { type: "string" },
      description: { type: "string" },
      multiRegion: { type: "boolean" },
      rotationDays: { type: "number" },
      deletionWindowDays: { type: "number" },
      deletionProtection: { type: "boolean" },
      tags: { type: "object", additionalProperties: { type: "string", input: true } },
    },
    required: ["region", "users"],
  },
  Endpoint: {
    type: "object",
    properties: {
      name: { type: "string" },
      port: { type: "number", input: true },
      endPort: { type: "number" },
      protocol: { type: "string", enum: ["TCP", "UDP"] },
      environment: { $ref: "EnvironmentArgs" },
      pods: { $ref: "PodSelectorArgs" },
      addresses: { type: "array", items: { $ref: "AddressRangeArgs" } },
      securityGroup: { $ref: "SecurityGroupRefArgs" },
      cloudSql: { $ref: "CloudSqlSocketArgs" },
      managedElsewhere: { type: "boolean" },
    },
    required: ["name", "port"],
  },
  EnvironmentArgs: {
    type: "object",
    properties: {
      values: { type: "object", additionalProperties: { type: "string", input: true } },
      secrets: { type: "object", additionalProperties: { $ref: "SecretRef" } },
      fields: { type: "object", additionalProperties: { type: "string" } },
    },
  },
  PodSelectorArgs: {
    type: "object",
    properties: {
      namespace: { type: "string", input: true },
      labels: { type: "object", additionalProperties: { type: "string" } },
    },
    required: ["namespace"],
  },
  SecretRef: {
    type: "object",
    properties: {
      secret: { type: "string", input: true },
      key: { type: "string" },
      version: { type: "string", input: true },
      store: { type: "string", enum: ["kubernetes", "gcpSecretManager", "awsSecretsManager"] },
    },
    required: ["secret"],
  },
  SecurityGroupArgs: {
    type: "object",
    properties: {
      region: { type: "string" },
      vpcId: { type: "string", input: true },
      existingGroupId: { type: "string", input: true },
      connectsTo: { type: "array", items: { $ref: "Endpoint" } },
      admits: { type: "array", items: { $ref: "AdmittedClientArgs" } },
      tags: { type: "object", additionalProperties: { type: "string", input: true } },
    },
    required: ["region"],
  },
  SecurityGroupRefArgs: { type: "object", properties: { id: { type: "string", input: true } }, required: ["id"] },
};
