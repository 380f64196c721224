import { parseQuantity } from "@gatehouse/core";
import { certificateAuthorityDirectory, type LogSinkArgs } from "./logSink.ts";

/** Settings of fluentd, without Outputs. */
export interface FluentdSettings {
  /** Tag of the records. */
  tag: string;
  /** Directory of the logs. */
  directory: string;
  /** Directory of the buffer, and of the position in each log. */
  bufferDirectory: string;
  /** Size of the volume with the buffer. */
  bufferSize: string;
  /** Longest time that a record waits for others. */
  flushInterval: string;
  /** Port of the metrics. */
  metricsPort: number;
  sink: LogSinkArgs;
}

/** A directive of fluentd: `<match **> ... </match>`. */
interface Section {
  name: string;
  argument?: string;
  parameters: Record<string, string | number | boolean | undefined>;
  sections?: Section[];
}

/**
 * The configuration of fluentd: each line of each log is read once, kept on disk, and sent until the sink says that it
 * has it. The sink may be away when fluentd starts and later. If it is away for long, reading stops once the buffer is
 * full, so nothing is lost.
 */
export function fluentdConfiguration(settings: FluentdSettings): string {
  const { tag, metricsPort, bufferDirectory } = settings;
  const all: Section[] = [
    // A chunk that cannot be sent at all is kept below the root directory.
    {
      name: "system",
      parameters: { root_dir: bufferDirectory },
      sections: [{ name: "log", parameters: { format: "json" } }],
    },
    { name: "source", parameters: { "@type": "prometheus", bind: "0.0.0.0", port: metricsPort } },
    { name: "source", parameters: { "@type": "prometheus_output_monitor", interval: 10 } },
    logs(settings),
    origin(tag),
    ...(settings.sink.elasticsearch ? [recordIds(tag)] : []),
    {
      name: "match",
      argument: tag,
      parameters: { "@id": "sink", ...sinkParameters(settings.sink) },
      sections: [...sinkSections(settings.sink), buffer(settings)],
    },
    // What the sink refuses one by one is at least in the container's own log.
    {
      name: "label",
      argument: "@ERROR",
      parameters: {},
      sections: [{ name: "match", argument: "**", parameters: { "@type": "stdout" } }],
    },
  ];
  return all.map((section) => render(section)).join("\n");
}

/** Inodes identify files, so a rotated file is read to its end, and only once. */
function logs({ tag, directory, bufferDirectory }: FluentdSettings): Section {
  return {
    name: "source",
    parameters: {
      "@type": "tail",
      "@id": "logs",
      tag,
      path: `${directory}/*.log`,
      pos_file: `${bufferDirectory}/positions`,
      read_from_head: true,
      follow_inodes: true,
      refresh_interval: 5,
      // A line that is not JSON becomes a record too.
      emit_unmatched_lines: true,
    },
    // The record's own time stays in it, in its own form.
    sections: [{ name: "parse", parameters: { "@type": "json", time_key: "fluentd_time", keep_time_key: true } }],
  };
}

/** A parameter that fluentd reads from a variable as it starts. */
function variable(name: string): string {
  return `"#{ENV['${name}']}"`;
}

function origin(tag: string): Section {
  return {
    name: "filter",
    argument: tag,
    parameters: { "@type": "record_transformer" },
    sections: [
      { name: "record", parameters: { namespace: variable("POD_NAMESPACE"), pod: variable("POD_NAME"), source: tag } },
    ],
  };
}

/** Each record's own id, so that one that is sent again after a lost answer is not there twice. */
function recordIds(tag: string): Section {
  return { name: "filter", argument: tag, parameters: { "@type": "elasticsearch_genid", hash_id_key: recordId } };
}

const recordId = "_hash";

/**
 * Answers after which a chunk is sent again: all that can mean a fault of the sink, of a proxy before it, or of the
 * settings. Fluentd would give up at once on any other.
 */
const retriedStatuses = [
  ...[301, 302, 303, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 421, 422, 423, 424, 425, 426],
  ...[428, 429, 431, 451, 499],
  ...[500, 501, 502, 503, 504, 505, 507, 508, 511],
];

function sinkParameters(sink: LogSinkArgs): Section["parameters"] {
  const { forward, http, elasticsearch, s3, certificateAuthority } = sink;
  const authority = certificateAuthority === undefined ? undefined : `${certificateAuthorityDirectory}/ca.crt`;
  if (forward)
    return {
      "@type": "forward",
      require_ack_response: true,
      // Without it, fluentd exits at start if the server's name does not resolve.
      ignore_network_errors_at_startup: true,
      ...((forward.tls ?? true) && { transport: "tls", tls_verify_hostname: true, tls_cert_path: authority }),
    };
  if (http)
    return {
      "@type": "http",
      endpoint: http.url,
      content_type: "application/x-ndjson",
      headers: http.authorization && `"{\\"Authorization\\":\\"#{ENV['SINK_AUTHORIZATION']}\\"}"`,
      tls_ca_cert_path: authority,
      retryable_response_codes: retriedStatuses.join(","),
    };
  if (s3) return s3Parameters(s3);
  return elasticsearch ? elasticsearchParameters(elasticsearch, authority) : {};
}

/**
 * The credentials are those that AWS' SDK finds: the pod's role. It may write and do nothing else, so the plugin must not
 * look at the bucket or its objects. The name of an object follows from its chunk, so that a chunk that is sent again
 * after a lost answer is not there twice.
 */
function s3Parameters({ region, prefix }: NonNullable<LogSinkArgs["s3"]>): Section["parameters"] {
  return {
    "@type": "s3",
    s3_bucket: variable("SINK_BUCKET"),
    s3_region: region,
    path: `${prefix}%Y/%m/%d/`,
    s3_object_key_format: `"%{path}%{time_slice}-#{ENV['POD_NAME']}-%{hex_random}.%{file_extension}"`,
    hex_random_length: 16,
    store_as: "gzip",
    check_apikey_on_start: false,
    check_bucket: false,
    check_object: false,
    auto_create_bucket: false,
  };
}

function elasticsearchParameters(
  { host, port = 9200, tls = true, indexPrefix, user, password }: NonNullable<LogSinkArgs["elasticsearch"]>,
  authority: string | undefined,
): Section["parameters"] {
  return {
    "@type": "elasticsearch",
    host,
    port,
    scheme: tls ? "https" : "http",
    ca_file: authority,
    user: user && variable("SINK_USER"),
    password: password && variable("SINK_PASSWORD"),
    logstash_format: true,
    logstash_prefix: indexPrefix,
    // With it, the plugin asks the server for its version at start, and exits if there is no answer.
    verify_es_version_at_startup: false,
    default_elasticsearch_version: 8,
    // Elasticsearch 8 knows no types.
    suppress_type_name: true,
    reconnect_on_error: true,
    reload_on_failure: true,
    id_key: recordId,
    remove_keys: recordId,
  };
}

function sinkSections({ forward, http, s3 }: LogSinkArgs): Section[] {
  if (http ?? s3) return [{ name: "format", parameters: { "@type": "json" } }];
  if (!forward) return [];
  const { host, port = 24224, sharedKey } = forward;
  const security: Section = {
    name: "security",
    parameters: { self_hostname: variable("POD_NAME"), shared_key: variable("SINK_SHARED_KEY") },
  };
  return [{ name: "server", parameters: { host, port } }, ...(sharedKey ? [security] : [])];
}

function buffer({ bufferDirectory, bufferSize, flushInterval, sink }: FluentdSettings): Section {
  return {
    name: "buffer",
    // Objects of S3 are named by the time of their records, so a chunk holds those of one hour.
    argument: sink.s3 && "time",
    parameters: {
      "@type": "file",
      path: `${bufferDirectory}/buffer`,
      ...(sink.s3 && { timekey: 3600, timekey_use_utc: true }),
      chunk_limit_size: "8MB",
      total_limit_size: bufferLimit(bufferSize),
      overflow_action: "block",
      flush_mode: "interval",
      flush_interval: flushInterval,
      flush_at_shutdown: true,
      retry_forever: true,
      retry_max_interval: "30s",
    },
  };
}

/** Nine tenths of the volume in bytes: chunks have a file of metadata each, and the positions are there too. */
function bufferLimit(bufferSize: string): string {
  const { nanos } = parseQuantity(bufferSize);
  return String(((nanos / 1_000_000_000n) * 9n) / 10n);
}

function render({ name, argument, parameters, sections = [] }: Section, indent = ""): string {
  const inner = `${indent}  `;
  const lines = Object.entries(parameters).flatMap(([key, value]) =>
    value === undefined ? [] : [`${inner}${key} ${String(value)}\n`],
  );
  const nested = sections.map((section) => render(section, inner));
  const opening = argument === undefined ? name : `${name} ${argument}`;
  return `${indent}<${opening}>\n${lines.join("")}${nested.join("")}${indent}</${name}>\n`;
}
