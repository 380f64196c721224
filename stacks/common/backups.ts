import { external, type BackupCronJobArgs, type Endpoint, podIdentityAgent } from "@gatehouse/kubernetes";
import { z } from "zod";
import { cidrs, port, resources } from "./schema.ts";

const accessKeySchema = z.strictObject({
  secret: z.string().describe("Name of a Secret that is there already."),
  id: z.string().default("access-key-id").describe("Key within it of the access key's id."),
  key: z.string().default("secret-access-key").describe("Key within it of the secret access key."),
});

/** How the pods of backups reach their bucket, and as whom. */
export const bucketAccess = {
  endpoint: z.url().optional().describe("Address of an S3-compatible service or of a VPC endpoint, https://..."),
  cidrs: cidrs()
    .optional()
    .describe("Private addresses of the bucket's endpoint, and of STS where roles are used; else the internet."),
  port: port().default(443).describe("Port at those addresses."),
  roleArn: z.string().optional().describe("IAM role that the backup's pods write with."),
  restoreCheckRoleArn: z.string().optional().describe("IAM role that the restore check's pods read with."),
  accessKey: accessKeySchema.optional().describe("Access key that the backup writes with, in place of a role."),
  readAccessKey: accessKeySchema.optional().describe("Access key that the restore check reads with."),
};

/** How long the jobs of a backup may take, and what their containers may use. */
export const jobOptions = {
  activeDeadlineSeconds: z.int().min(1).optional().describe("Seconds that a backup may take."),
  restoreCheckDeadlineSeconds: z.int().min(1).optional().describe("Seconds that a restore check may take."),
  resources: resources({ cpu: "100m", memory: "256Mi" }, { cpu: "1", memory: "512Mi" }).describe("Of the tools."),
};

/** Scratch space on a volume, for nodes that cannot give that much of their disk. */
export const scratchClaim = z
  .strictObject({ storageClass: z.string().optional().describe("StorageClass of the volume.") })
  .optional()
  .describe("Scratch space on a volume that lives as long as the pod; GKE Autopilot needs it from 10Gi on.");

type BucketAccess = z.output<z.ZodObject<typeof bucketAccess>>;

/** The credentials and links of a bucket. */
export function bucketCredentials({ endpoint, accessKey, readAccessKey, ...access }: BucketAccess): {
  endpoint?: string;
  accessKey?: { id: { secret: string; key: string }; secret: { secret: string; key: string } };
  readAccessKey?: { id: { secret: string; key: string }; secret: { secret: string; key: string } };
  connectsTo?: Endpoint[];
} {
  const refs = (of: z.output<typeof accessKeySchema> | undefined) =>
    of && { id: { secret: of.secret, key: of.id }, secret: { secret: of.secret, key: of.key } };
  const { cidrs, port } = access;
  const connectsTo = cidrs && [external("object-storage", port, cidrs), ...(accessKey ? [] : [podIdentityAgent])];
  return { endpoint, accessKey: refs(accessKey), readAccessKey: refs(readAccessKey), connectsTo };
}

/** The roles of the two jobs, and how long they may take. */
export function jobs(
  options: { schedule: string; restoreCheckSchedule: string } & Partial<BucketAccess> & {
      activeDeadlineSeconds?: number;
      restoreCheckDeadlineSeconds?: number;
    },
): Pick<BackupCronJobArgs, "schedule" | "activeDeadlineSeconds" | "cloudIdentity" | "restoreCheck"> {
  const { schedule, activeDeadlineSeconds, restoreCheckDeadlineSeconds, roleArn, restoreCheckRoleArn } = options;
  return {
    schedule,
    activeDeadlineSeconds,
    cloudIdentity: roleArn === undefined ? undefined : { awsRoleArn: roleArn },
    restoreCheck: {
      schedule: options.restoreCheckSchedule,
      activeDeadlineSeconds: restoreCheckDeadlineSeconds,
      cloudIdentity: restoreCheckRoleArn === undefined ? undefined : { awsRoleArn: restoreCheckRoleArn },
    },
  };
}
