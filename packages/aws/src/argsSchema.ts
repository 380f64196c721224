// Generated from the interfaces of the components' arguments by `npm run schema`. Do not edit.

import type { ArgsSchema } from "@gatehouse/core";

export const argsSchema: ArgsSchema = {
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
};
