import { internet, LogForwarder, type LogForwarderArgs, type LogSinkArgs } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { lines } from "../support/examples.ts";
import { readFluentd, unknownParameters } from "./fluentdParameters.ts";
import { type Recording, record, refusal } from "../support/record.ts";

const endpoint = internet("audit-log", 24224);
const forward: LogSinkArgs = { forward: { host: "logs.example.com" }, endpoint };

const logs: LogForwarderArgs = {
  namespace: "shop",
  image: "fluent/fluentd-kubernetes-daemonset:v1.18.0-debian-forward-1.0",
  directory: "/var/log/shop",
  sink: forward,
};

async function made(args: Partial<LogForwarderArgs> = {}): Promise<{ forwarder: LogForwarder; recording: Recording }> {
  let forwarder: LogForwarder | undefined;
  const recording = await record(() => {
    forwarder = new LogForwarder("shop-log", { ...logs, ...args });
  });
  if (!forwarder) throw new Error("nothing was made");
  return { forwarder, recording };
}

async function configurationOf(args: Partial<LogForwarderArgs> = {}): Promise<string> {
  const { recording } = await made(args);
  const [configMap] = recording.ofType("kubernetes:core/v1:ConfigMap");
  return (configMap?.inputs.data as Record<string, string>)["fluent.conf"] ?? "";
}

/** The part of a configuration from one line to the one that closes it. */
function section(configuration: string, opening: string): string {
  const start = configuration.indexOf(`<${opening}>`);
  const name = opening.split(" ")[0] ?? "";
  return configuration.slice(start, configuration.indexOf(`\n</${name}>`, start) + name.length + 4);
}

const refusalOf = (args: Partial<LogForwarderArgs>) =>
  refusal(() => new LogForwarder("shop-log", { ...logs, ...args }));

test("the whole configuration: read once, kept on disk, sent until it is acknowledged", async () => {
  expect(await configurationOf()).toBe(`<system>
  root_dir /var/lib/fluentd
  <log>
    format json
  </log>
</system>

<source>
  @type prometheus
  bind 0.0.0.0
  port 24231
</source>

<source>
  @type prometheus_output_monitor
  interval 10
</source>

<source>
  @type tail
  @id logs
  tag shop-log
  path /var/log/shop/*.log
  pos_file /var/lib/fluentd/positions
  read_from_head true
  follow_inodes true
  refresh_interval 5
  emit_unmatched_lines true
  <parse>
    @type json
    time_key fluentd_time
    keep_time_key true
  </parse>
</source>

<filter shop-log>
  @type record_transformer
  <record>
    namespace "#{ENV['POD_NAMESPACE']}"
    pod "#{ENV['POD_NAME']}"
    source shop-log
  </record>
</filter>

<match shop-log>
  @id sink
  @type forward
  require_ack_response true
  ignore_network_errors_at_startup true
  transport tls
  tls_verify_hostname true
  <server>
    host logs.example.com
    port 24224
  </server>
  <buffer>
    @type file
    path /var/lib/fluentd/buffer
    chunk_limit_size 8MB
    total_limit_size 966367641
    overflow_action block
    flush_mode interval
    flush_interval 5s
    flush_at_shutdown true
    retry_forever true
    retry_max_interval 30s
  </buffer>
</match>

<label @ERROR>
  <match **>
    @type stdout
  </match>
</label>
`);
});

test("is an immutable ConfigMap named by its content, so that a change rolls the pods", async () => {
  const { recording } = await made({ labels: { team: "shop" } });
  const [name = "", ...others] = recording.objects();
  expect(others).toEqual([]);
  expect(name).toMatch(/^ConfigMap shop-log-[0-9a-f]{8}$/);
  expect((await made({ flushInterval: "1s" })).recording.objects()).not.toEqual([name]);
  expect(recording.ofType("kubernetes:core/v1:ConfigMap")[0]?.inputs).toMatchObject({
    metadata: { namespace: "shop", labels: { team: "shop" } },
    immutable: true,
  });
});

test("the container: fluentd with its directories, alive as long as its metrics are", async () => {
  const { forwarder } = await made();
  const { volumes, ...container } = forwarder.sidecar;
  expect(container).toEqual({
    name: "log-forwarder",
    image: "fluent/fluentd-kubernetes-daemonset:v1.18.0-debian-forward-1.0",
    command: ["fluentd", "--config", "/etc/fluentd/fluent.conf"],
    environment: {
      values: {},
      secrets: {},
      fields: { POD_NAME: "metadata.name", POD_NAMESPACE: "metadata.namespace" },
    },
    ports: [{ name: "fluentd", port: 24231 }],
    resources: {
      requests: { cpu: "50m", memory: "128Mi" },
      limits: { cpu: "200m", memory: "256Mi", ephemeralStorage: "1792Mi" },
    },
    readiness: { path: "/metrics", port: 24231, timeoutSeconds: 5 },
    liveness: { path: "/metrics", port: 24231, initialDelaySeconds: 30, timeoutSeconds: 5 },
  });
  expect(volumes?.map(({ configMap, ...volume }) => volume)).toEqual([
    { name: "logs", mountPath: "/var/log/shop", emptyDir: { sizeLimit: "512Mi" }, readOnly: true },
    { name: "log-buffer", mountPath: "/var/lib/fluentd", emptyDir: { sizeLimit: "1Gi" } },
    { name: "log-forwarder", mountPath: "/etc/fluentd" },
    { name: "log-forwarder-tmp", mountPath: "/tmp", emptyDir: { sizeLimit: "16Mi" } },
  ]);
  expect(forwarder.volume).toEqual({
    name: "logs",
    mountPath: "/var/log/shop",
    emptyDir: { sizeLimit: "512Mi" },
  });
});

test("the program is not told what only the forwarder needs", async () => {
  const { forwarder } = await made({
    sink: { ...forward, endpoint: { ...endpoint, environment: { values: { SINK: "x" } } } },
  });
  expect(forwarder.endpoint).toEqual({ ...endpoint, environment: undefined });
});

describe("sinks", () => {
  test("forward: port, key, certificates, without TLS", async () => {
    const { forwarder } = await made({
      sink: {
        forward: { host: "logs", port: 24225, sharedKey: { secret: "logs", key: "shared" } },
        endpoint,
        certificateAuthority: "logs-ca",
      },
    });
    expect(forwarder.sidecar.environment?.secrets).toEqual({ SINK_SHARED_KEY: { secret: "logs", key: "shared" } });
    expect(forwarder.sidecar.volumes).toContainEqual({
      name: "log-sink-ca",
      mountPath: "/etc/fluentd-ca",
      configMap: "logs-ca",
    });
    const keyed = await configurationOf({
      sink: {
        forward: { host: "logs", port: 24225, sharedKey: { secret: "logs", key: "shared" } },
        endpoint,
        certificateAuthority: "logs-ca",
      },
    });
    expect(keyed).toContain("  tls_cert_path /etc/fluentd-ca/ca.crt\n");
    expect(keyed).toContain(`  <security>
    self_hostname "#{ENV['POD_NAME']}"
    shared_key "#{ENV['SINK_SHARED_KEY']}"
  </security>
`);
    const plain = await configurationOf({ sink: { forward: { host: "logs", tls: false }, endpoint } });
    expect(plain).not.toContain("tls");
  });

  test("http: newline-delimited JSON; no answer but success makes fluentd give a chunk up", async () => {
    const sink = {
      http: { url: "https://logs.example.com/audit", authorization: { secret: "logs", key: "authorization" } },
      endpoint,
    };
    const [head = ""] = section(await configurationOf({ sink }), "match shop-log").split("  <buffer>");
    const [statuses = "", ...others] = head.split("\n").filter((line) => line.includes("retryable_response_codes"));
    expect(others).toEqual([]);
    expect(head.replace(`${statuses}\n`, "")).toBe(`<match shop-log>
  @id sink
  @type http
  endpoint https://logs.example.com/audit
  content_type application/x-ndjson
  headers "{\\"Authorization\\":\\"#{ENV['SINK_AUTHORIZATION']}\\"}"
  <format>
    @type json
  </format>
`);
    const numbers = statuses.trim().split(" ")[1]?.split(",") ?? [];
    expect(numbers).toEqual(expect.arrayContaining(["301", "400", "401", "403", "404", "413", "429", "500", "503"]));
    expect(new Set(numbers).size).toBe(numbers.length);
    const { forwarder } = await made({ sink });
    expect(forwarder.sidecar.environment?.secrets).toEqual({
      SINK_AUTHORIZATION: { secret: "logs", key: "authorization" },
    });
  });

  test("elasticsearch: an index a day, no types, each record once", async () => {
    const sink = {
      elasticsearch: {
        host: "elasticsearch.example.com",
        indexPrefix: "shop-audit",
        user: { secret: "logs", key: "user" },
        password: { secret: "logs", key: "password" },
      },
      endpoint,
    };
    const configuration = await configurationOf({ sink });
    expect(section(configuration, "match shop-log").split("  <buffer>")[0]).toBe(`<match shop-log>
  @id sink
  @type elasticsearch
  host elasticsearch.example.com
  port 9200
  scheme https
  user "#{ENV['SINK_USER']}"
  password "#{ENV['SINK_PASSWORD']}"
  logstash_format true
  logstash_prefix shop-audit
  verify_es_version_at_startup false
  default_elasticsearch_version 8
  suppress_type_name true
  reconnect_on_error true
  reload_on_failure true
  id_key _hash
  remove_keys _hash
`);
    expect(configuration).toContain("  @type elasticsearch_genid\n  hash_id_key _hash\n");
    const { forwarder } = await made({ sink });
    expect(Object.keys(forwarder.sidecar.environment?.secrets ?? {})).toEqual(["SINK_USER", "SINK_PASSWORD"]);
  });
});

test("s3: an object a flush, named by its chunk, by the pod's own role, which may only write", async () => {
  const sink = { s3: { bucket: pulumi.output("shop-audit"), region: "eu-central-1", prefix: "shop/" }, endpoint };
  expect(section(await configurationOf({ sink, flushInterval: "1m" }), "match shop-log")).toBe(`<match shop-log>
  @id sink
  @type s3
  s3_bucket "#{ENV['SINK_BUCKET']}"
  s3_region eu-central-1
  path shop/%Y/%m/%d/
  s3_object_key_format "%{path}%{time_slice}-#{ENV['POD_NAME']}-%{hex_random}.%{file_extension}"
  hex_random_length 16
  store_as gzip
  check_apikey_on_start false
  check_bucket false
  check_object false
  auto_create_bucket false
  <format>
    @type json
  </format>
  <buffer time>
    @type file
    path /var/lib/fluentd/buffer
    timekey 3600
    timekey_use_utc true
    chunk_limit_size 8MB
    total_limit_size 966367641
    overflow_action block
    flush_mode interval
    flush_interval 1m
    flush_at_shutdown true
    retry_forever true
    retry_max_interval 30s
  </buffer>
</match>`);
  const { forwarder } = await made({ sink });
  expect(Object.keys(forwarder.sidecar.environment?.values ?? {})).toEqual(["SINK_BUCKET"]);
  expect(forwarder.sidecar.environment?.secrets).toEqual({});
});

describe("every configuration follows fluentd's grammar and has only parameters that the plugins know", () => {
  const secret = { secret: "logs", key: "key" };
  const sinks: Record<string, LogSinkArgs> = {
    forward: { forward: { host: "logs", sharedKey: secret }, certificateAuthority: "logs-ca", endpoint },
    http: {
      http: { url: "https://logs.example.com/audit", authorization: secret },
      certificateAuthority: "logs-ca",
      endpoint,
    },
    elasticsearch: {
      elasticsearch: { host: "logs", indexPrefix: "shop", user: secret, password: secret },
      certificateAuthority: "logs-ca",
      endpoint,
    },
    s3: { s3: { bucket: "shop-audit", region: "eu-central-1", prefix: "shop/" }, endpoint },
  };

  test.each(Object.entries(sinks))("%s", async (_, sink) => {
    const directives = readFluentd(await configurationOf({ sink }));
    expect(unknownParameters(directives)).toEqual([]);
    expect(directives.map(({ name, argument }) => `${name} ${argument}`.trim())).toEqual([
      ...["system", "source", "source", "source", "filter shop-log"],
      ...(sink.elasticsearch ? ["filter shop-log"] : []),
      ...["match shop-log", "label @ERROR"],
    ]);
  });

  test("the reader refuses what fluentd refuses, and finds a misspelled parameter", () => {
    expect(() => readFluentd("<match a>\n  port 1\n</source>\n")).toThrow("line 3: </source>");
    expect(() => readFluentd("<match a>\n  tag two words\n</match>\n")).toThrow("line 2: tag two words");
    expect(() => readFluentd("<match a>\n")).toThrow("open at the end");
    expect(unknownParameters(readFluentd("<match a>\n  @type forward\n  require_ack true\n</match>\n"))).toEqual([
      "match forward: require_ack",
    ]);
  });
});

describe("refused", () => {
  test.each<[string, LogSinkArgs]>([
    ["none", { endpoint }],
    ["forward and http", { ...forward, http: { url: "https://logs.example.com" } }],
  ])("%s as the sink", async (value, sink) => {
    expect(await refusalOf({ sink })).toBe(
      lines(
        "shop-log (LogForwarder).sink: logs are kept in one place",
        `  value:    ${value}`,
        "  expected: one of forward, http, elasticsearch and s3",
      ),
    );
  });

  test.each<[string, string, LogSinkArgs]>([
    ["forward.host", "logs\n</match>", { forward: { host: "logs\n</match>" }, endpoint }],
    ["http.url", "logs.example.com", { http: { url: "logs.example.com" }, endpoint }],
    ["http.url", "https://x/#{exit}", { http: { url: "https://x/#{exit}" }, endpoint }],
    ["s3.region", "Frankfurt", { s3: { bucket: "shop-audit", region: "Frankfurt", prefix: "shop/" }, endpoint }],
    ["s3.prefix", "shop", { s3: { bucket: "shop-audit", region: "eu-central-1", prefix: "shop" }, endpoint }],
    ["elasticsearch.indexPrefix", "A b", { elasticsearch: { host: "es", indexPrefix: "A b" }, endpoint }],
  ])("%s %j, which would not stay one word of the configuration", async (option, value, sink) => {
    const shown = value.replaceAll("\n", `\n${" ".repeat(12)}`);
    expect(await refusalOf({ sink })).toMatch(
      lines(`shop-log (LogForwarder).sink.${option}: not in the expected form`, `  value:    ${shown}`),
    );
  });

  test("a disk limit below what logs and buffer may have", async () => {
    const amounts = { cpu: "50m", memory: "128Mi" };
    const resources = { requests: amounts, limits: { ...amounts, ephemeralStorage: "1Gi" } };
    expect(await refusalOf({ resources })).toBe(
      lines(
        "shop-log (LogForwarder).resources.limits.ephemeralStorage: the pod is evicted before its logs and the buffer have the size they may have",
        "  value:    1Gi",
        "  expected: 1792Mi or more: 512Mi of logs, 1Gi of buffer, 256Mi for the rest",
        "  fix:      leave it out",
      ),
    );
  });

  test.each<[Partial<LogForwarderArgs>, string]>([
    [{ bufferSize: "32Mi" }, "bufferSize: the buffer has room for only a few chunks of 8 MiB"],
    [{ bufferSize: "much" }, "bufferSize: "],
    [{ directory: "var/log" }, "directory: not the path of a directory"],
    [{ flushInterval: "1h30m" }, "flushInterval: not a time that fluentd reads"],
    [{ metricsPort: 0 }, "metricsPort: not a port number"],
  ])("%j", async (args, message) => {
    expect(await refusalOf(args)).toContain(`shop-log (LogForwarder).${message}`);
  });
});

test("what the sidecar is made of may be known only later", async () => {
  const { forwarder } = await made({ namespace: pulumi.output("shop") });
  expect(pulumi.Output.isInstance(forwarder.sidecar.volumes?.[2]?.configMap)).toBe(true);
});
