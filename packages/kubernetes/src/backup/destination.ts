import { checkedInput, checkName, type Endpoint, type EnvironmentArgs, internet, type Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type { SecretRefArgs } from "../pod/container/secretRef.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";

/** Destination of copies. Give exactly one. */
export interface BackupDestinationArgs {
  /**
   * A bucket of Amazon S3 or of another service that speaks its protocol.
   * @default none
   */
  s3?: S3DestinationArgs;
  /**
   * A volume of the cluster.
   * @default none
   */
  claim?: ClaimDestinationArgs;
}

/** A volume, which is best backed up itself: it is lost with its zone or its cluster. */
export interface ClaimDestinationArgs {
  /** Name of the PersistentVolumeClaim, in the namespace of the backup. */
  name: pulumi.Input<string>;
  /**
   * Directory on it, one for each source.
   * @default the volume's root
   */
  directory?: string;
}

const claimPath = "/var/lib/copies";

/**
 * A bucket. The pods' role needs `s3:ListBucket` on it and, below the prefix, `s3:GetObject`, `s3:PutObject`,
 * `s3:GetObjectTagging`, `s3:PutObjectTagging` and `s3:AbortMultipartUpload`; `s3:DeleteObject` below
 * `<prefix>/.incomplete/` and, with `keep`, below the prefix. The restore check's role needs only to list and to get.
 */
export interface S3DestinationArgs {
  /** Name of the bucket. */
  bucket: pulumi.Input<string>;
  /** Prefix of the copies in the bucket, one for each database: `shield` for `s3://<bucket>/shield/`. */
  prefix: string;
  /** Region of the bucket. */
  region: pulumi.Input<string>;
  /**
   * Address of a service other than Amazon's, beginning with `https://`.
   * @default Amazon's of the region
   */
  endpoint?: pulumi.Input<string>;
  /**
   * Access key that the backup writes with, for a service without cloud identities. Requires `readAccessKey`.
   * @default none: the pods' cloud identity
   */
  accessKey?: AccessKeyArgs;
  /**
   * Access key that the restore check reads with. One that may write as well lets the check destroy the copies.
   * @default none: the pods' cloud identity
   */
  readAccessKey?: AccessKeyArgs;
  /**
   * Services on the way to the bucket: the object storage and, for a cloud identity, where the pods get credentials.
   * The default leaves private addresses out, so name a VPC endpoint here, that of STS too.
   * @default object storage anywhere on the internet on 443, and EKS Pod Identity unless there are access keys
   */
  connectsTo?: Endpoint[];
}

/** An access key of the object storage, in a Secret. */
export interface AccessKeyArgs {
  /** Reference to the key's id. */
  id: SecretRefArgs;
  /** Reference to the secret access key. */
  secret: SecretRefArgs;
}

/**
 * The agent of EKS Pod Identity on the pod's own node, which gives a pod the credentials of its role.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
export const podIdentityAgent: Endpoint = {
  name: "pod-identity-agent",
  port: 80,
  addresses: [{ cidr: "169.254.170.23/32" }],
};

function checkBucket(subject: string, bucket: string): Problem[] {
  return checkName("aws:S3Bucket", bucket, subject);
}

function checkEndpoint(subject: string, endpoint: string): Problem[] {
  if (/^https:\/\/[^\s/@]+\/?$/.test(endpoint)) return [];
  return [
    {
      subject,
      message: "not an address that a copy of the data may be sent to",
      value: endpoint,
      expected: "https:// and a host, with a port if it is not 443",
    },
  ];
}

/** Checks that there is one destination, and that its address or prefix is possible. */
export function checkDestination(subject: string, { s3, claim }: BackupDestinationArgs): Problem[] {
  const either = "s3 or claim";
  if (s3 && claim) return [{ subject, message: "the copies have two destinations", expected: `${either}, not both` }];
  if (claim) return checkClaim(`${subject}.claim`, claim);
  if (!s3) return [{ subject, message: "the copies have no destination", expected: either }];
  const { bucket, prefix, endpoint, accessKey, readAccessKey } = s3;
  return [
    ...(typeof bucket === "string" ? checkBucket(`${subject}.s3.bucket`, bucket) : []),
    ...(/^[\w!.*'()-]+(\/[\w!.*'()-]+)*$/.test(prefix)
      ? []
      : [
          {
            subject: `${subject}.s3.prefix`,
            message: "not a prefix that keys can have",
            value: prefix,
            expected: "letters, digits and _!.*'()-, in parts separated by single slashes, such as shield/prod",
          },
        ]),
    ...(typeof endpoint === "string" ? checkEndpoint(`${subject}.s3.endpoint`, endpoint) : []),
    ...((accessKey === undefined) === (readAccessKey === undefined)
      ? []
      : [
          {
            subject: `${subject}.s3.${accessKey ? "readAccessKey" : "accessKey"}`,
            message: "the backup and the restore check each need an access key",
            value: "none",
            expected: "accessKey, which may write, and readAccessKey, which may only read",
          },
        ]),
  ];
}

function checkClaim(subject: string, { directory = "copies" }: ClaimDestinationArgs): Problem[] {
  if (/^[\w.-]+(\/[\w.-]+)*$/.test(directory) && !directory.split("/").includes("..")) return [];
  return [
    {
      subject: `${subject}.directory`,
      message: "not a directory on the volume",
      value: directory,
      expected: "letters, digits and ._-, in parts separated by single slashes, such as redis/prod",
    },
  ];
}

/** Variables with which the scripts and the AWS CLI find the bucket. */
export function destinationEnvironment(subject: string, { s3, claim }: BackupDestinationArgs): EnvironmentArgs {
  if (claim) return { values: { BACKUP_LOCATION: [claimPath, claim.directory ?? []].flat().join("/") } };
  if (!s3) return {};
  const { prefix, region, endpoint } = s3;
  const bucket = checkedInput(s3.bucket, (bucket) => checkBucket(`${subject}.s3.bucket`, bucket));
  return {
    values: {
      BACKUP_LOCATION:
        typeof bucket === "string" ? `s3://${bucket}/${prefix}` : pulumi.interpolate`s3://${bucket}/${prefix}`,
      // Version 1 of the CLI knows only the longer name, and version 2 prefers the shorter, which EKS may set as well.
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      // Without a role of its own the pod must fail, and not fall back to the node's.
      AWS_EC2_METADATA_DISABLED: "true",
      ...(endpoint !== undefined && {
        ...checksums(endpoint),
        AWS_ENDPOINT_URL_S3: checkedInput(endpoint, (endpoint) => checkEndpoint(`${subject}.s3.endpoint`, endpoint)),
      }),
    },
  };
}

/** The access key of one of the two jobs, if the bucket has access keys. */
export function accessEnvironment(key: AccessKeyArgs | undefined): EnvironmentArgs {
  return key === undefined ? {} : { secrets: { AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret } };
}

/**
 * The AWS CLI from 2.23 on adds checksums to uploads and asks for them on downloads, which other services refuse.
 * Amazon's own endpoints, those of a VPC too, keep them.
 *
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
 */
function checksums(endpoint: pulumi.Input<string>): Record<string, pulumi.Input<string>> {
  const mode = (text: string): string =>
    /\.amazonaws\.com(\.cn)?(:\d+)?\/?$/.test(text) ? "when_supported" : "when_required";
  const value = typeof endpoint === "string" ? mode(endpoint) : pulumi.output(endpoint).apply(mode);
  return { AWS_REQUEST_CHECKSUM_CALCULATION: value, AWS_RESPONSE_CHECKSUM_VALIDATION: value };
}

export function destinationVolumes({ claim }: BackupDestinationArgs): VolumeArgs[] {
  return claim ? [{ name: "copies", mountPath: claimPath, claim: claim.name }] : [];
}

export function destinationEndpoints({ s3, claim }: BackupDestinationArgs): Endpoint[] {
  if (claim) return [];
  if (s3?.connectsTo) return s3.connectsTo;
  return [internet("object-storage", 443), ...(s3?.accessKey ? [] : [podIdentityAgent])];
}
