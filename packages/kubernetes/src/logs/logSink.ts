import { checkPortNumber, type Endpoint, type EnvironmentArgs, type Problem } from "@gatehouse/core";
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

/** Sink of logs: one of forward, http and elasticsearch. */
export interface LogSinkArgs {
  /** @default none */
  forward?: ForwardSinkArgs;
  /** @default none */
  http?: HttpSinkArgs;
  /** @default none */
  elasticsearch?: ElasticsearchSinkArgs;
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
  const { forward, http, elasticsearch } = sink;
  const given = Object.entries({ forward, http, elasticsearch }).filter(([, one]) => one !== undefined);
  if (given.length !== 1)
    return [
      {
        subject,
        message: "logs are kept in one place",
        value: given.length === 0 ? "none" : given.map(([kind]) => kind).join(" and "),
        expected: "one of forward, http and elasticsearch",
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
  ];
}

/** Variables that the forwarder reads from Secrets. */
export function sinkEnvironment({ forward, http, elasticsearch }: LogSinkArgs): EnvironmentArgs {
  const secrets = {
    SINK_SHARED_KEY: forward?.sharedKey,
    SINK_AUTHORIZATION: http?.authorization,
    SINK_USER: elasticsearch?.user,
    SINK_PASSWORD: elasticsearch?.password,
  };
  const given = Object.entries(secrets).flatMap(([name, secret]) => (secret ? [[name, secret] as const] : []));
  return { secrets: Object.fromEntries(given) };
}
