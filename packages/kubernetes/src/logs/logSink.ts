import { checkName, checkPortNumber, type Endpoint, type EnvironmentArgs, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { SecretRefArgs } from "../pod/container/secretRef.ts";

/** A fluentd or Fluent Bit that takes the `forward` protocol and acknowledges each chunk. */
export interface ForwardSinkArgs {
  /** DNS name of the server. */
  host: string;
  /**
   * Port of the server.
   * @default 24224
   */
  port?: number;
  /**
   * Whether the connection is TLS.
   * @default true
   */
  tls?: boolean;
  /**
   * Key that the forwarder and the server share.
   * @default none
   */
  sharedKey?: SecretRefArgs;
}

/** An HTTP endpoint that takes newline-delimited JSON and answers 2xx once it has kept it. */
export interface HttpSinkArgs {
  /** URL, `https://...`. */
  url: string;
  /**
   * The whole value of the `Authorization` header.
   * @default none
   */
  authorization?: SecretRefArgs;
}

/** Elasticsearch 8 or OpenSearch, with an index for each day. Needs fluent-plugin-elasticsearch in the image. */
export interface ElasticsearchSinkArgs {
  /** DNS name of the server. */
  host: string;
  /**
   * Port of the server.
   * @default 9200
   */
  port?: number;
  /**
   * Whether the connection is TLS.
   * @default true
   */
  tls?: boolean;
  /** Prefix of the indices' names: `voidkey-audit` becomes `voidkey-audit-2025.01.31`. */
  indexPrefix: string;
  /**
   * The user.
   * @default none
   */
  user?: SecretRefArgs;
  /**
   * The user's password.
   * @default none
   */
  password?: SecretRefArgs;
}

/**
 * S3, with an object for each flush: `<prefix>2025/01/31/2025013115-<pod>-<id>.gz`, one JSON object a line. Needs
 * fluent-plugin-s3 in the image, with an aws-sdk-core of 3.188 or later for EKS Pod Identity. The pods' own role writes:
 * it needs `s3:PutObject` below the prefix, and the key of the bucket.
 */
export interface S3SinkArgs {
  /** Name of the bucket, which encrypts by itself: `bucketName` of an AuditBucket. */
  bucket: Input<string>;
  /** Region of the bucket: `us-east-1`. */
  region: string;
  /** Prefix of the objects, with a slash at its end: `orders/`. */
  prefix: string;
}

/** Sink of logs: one of forward, http, elasticsearch and s3. */
export interface LogSinkArgs {
  /** @default none */
  forward?: ForwardSinkArgs;
  /** @default none */
  http?: HttpSinkArgs;
  /** @default none */
  elasticsearch?: ElasticsearchSinkArgs;
  /** @default none */
  s3?: S3SinkArgs;
  /** The pods or addresses of the sink, which is all that the forwarder may reach. */
  endpoint: Endpoint;
  /**
   * ConfigMap whose `ca.crt` has the certificates that the sink's is checked against.
   * @default none: those of the image
   */
  certificateAuthority?: Input<string>;
}

/** Directory of the certificates of `certificateAuthority`. */
export const certificateAuthorityDirectory = "/etc/fluentd-ca";

/** Checks that there is one sink, and that each text stays one word of fluentd's configuration. */
export function checkLogSink(subject: string, sink: LogSinkArgs): Problem[] {
  const { forward, http, elasticsearch, s3 } = sink;
  const given = Object.entries({ forward, http, elasticsearch, s3 }).filter(([, one]) => one !== undefined);
  if (given.length !== 1)
    return [
      {
        subject,
        message: "logs are kept in one place",
        value: given.length === 0 ? "none" : given.map(([kind]) => kind).join(" and "),
        expected: "one of forward, http, elasticsearch and s3",
      },
    ];
  const word = (option: string, text: string | undefined, form: RegExp, expected: string): Problem[] =>
    text === undefined || form.test(text)
      ? []
      : [{ subject: `${subject}.${option}`, message: "not in the expected form", value: text, expected }];
  const dnsName = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
  return [
    ...word("forward.host", forward?.host, dnsName, "a DNS name"),
    ...checkPortNumber(`${subject}.forward.port`, forward?.port),
    ...word("http.url", http?.url, /^https?:\/\/[^\s"'#\\]+$/, "a URL, https://..., without spaces, quotes and #"),
    ...word("elasticsearch.host", elasticsearch?.host, dnsName, "a DNS name"),
    ...checkPortNumber(`${subject}.elasticsearch.port`, elasticsearch?.port),
    ...word("elasticsearch.indexPrefix", elasticsearch?.indexPrefix, /^[a-z0-9][a-z0-9_-]*$/, "lower-case letters"),
    ...(typeof s3?.bucket === "string" ? checkName("aws:S3Bucket", s3.bucket, `${subject}.s3.bucket`) : []),
    ...word("s3.region", s3?.region, /^[a-z]+(-[a-z]+)+-\d$/, "the name of a region, such as us-east-1"),
    ...word("s3.prefix", s3?.prefix, /^([A-Za-z0-9._-]+\/)+$/, "a path that ends with a slash: orders/"),
  ];
}

/** Variables that the forwarder reads: from Secrets, and those that are known only later. */
export function sinkEnvironment({ forward, http, elasticsearch, s3 }: LogSinkArgs): EnvironmentArgs {
  const secrets = {
    SINK_SHARED_KEY: forward?.sharedKey,
    SINK_AUTHORIZATION: http?.authorization,
    SINK_USER: elasticsearch?.user,
    SINK_PASSWORD: elasticsearch?.password,
  };
  const given = Object.entries(secrets).flatMap(([name, secret]) => (secret ? [[name, secret] as const] : []));
  return { values: s3 ? { SINK_BUCKET: s3.bucket } : {}, secrets: Object.fromEntries(given) };
}
