/**
 * Parameters of the plugins that the log forwarder uses, from their documentation. Fluentd only warns of one that it does
 * not know, so a misspelled one would be ignored.
 *
 * Sources: https://docs.fluentd.org/, https://github.com/fluent/fluent-plugin-prometheus,
 * https://github.com/uken/fluent-plugin-elasticsearch, https://github.com/fluent/fluent-plugin-s3/blob/master/docs/output.md
 */
export const fluentdParameters: Record<string, string[]> = {
  system: ["root_dir"],
  "system log": ["format"],
  "source prometheus": ["bind", "port", "metrics_path"],
  "source prometheus_output_monitor": ["interval"],
  "source tail": [
    ...["tag", "path", "pos_file", "read_from_head", "follow_inodes", "refresh_interval", "emit_unmatched_lines"],
  ],
  "parse json": ["time_key", "keep_time_key"],
  "filter record_transformer": [],
  "filter elasticsearch_genid": ["hash_id_key"],
  "match stdout": [],
  "match forward": [
    ...[
      "require_ack_response",
      "ignore_network_errors_at_startup",
      "transport",
      "tls_verify_hostname",
      "tls_cert_path",
    ],
  ],
  server: ["host", "port"],
  security: ["self_hostname", "shared_key"],
  "match http": ["endpoint", "content_type", "headers", "tls_ca_cert_path", "retryable_response_codes"],
  "format json": [],
  "match elasticsearch": [
    ...["host", "port", "scheme", "ca_file", "user", "password", "logstash_format", "logstash_prefix"],
    ...["verify_es_version_at_startup", "default_elasticsearch_version", "suppress_type_name", "reconnect_on_error"],
    ...["reload_on_failure", "id_key", "remove_keys"],
  ],
  "match s3": [
    ...["s3_bucket", "s3_region", "path", "s3_object_key_format", "hex_random_length", "store_as"],
    ...["check_apikey_on_start", "check_bucket", "check_object", "auto_create_bucket"],
  ],
  "buffer file": [
    ...["timekey", "timekey_use_utc"],
    ...["path", "chunk_limit_size", "total_limit_size", "overflow_action", "flush_mode", "flush_interval"],
    ...["flush_at_shutdown", "retry_forever", "retry_max_interval"],
  ],
};

/** A directive of a configuration. */
export interface Directive {
  name: string;
  argument: string;
  parameters: Record<string, string>;
  sections: Directive[];
}

/**
 * Reads a configuration by fluentd's grammar: directives that close in order, and parameters of one line each, whose value
 * is one word or a text in double quotes.
 *
 * @throws Error with the line that does not follow it.
 */
export function readFluentd(configuration: string): Directive[] {
  const root: Directive = { name: "", argument: "", parameters: {}, sections: [] };
  const open = [root];
  for (const [index, text] of configuration.split("\n").entries()) {
    const line = text.trim();
    const [inner = root] = open.slice(-1);
    const [, closed] = /^<\/(\w+)>$/.exec(line) ?? [];
    const [, name, argument = ""] = /^<(\w+)(?: ([^<>"]+))?>$/.exec(line) ?? [];
    const [, key, value] = /^(@?\w+) ("(?:[^"\\]|\\.)*"|[^\s"#]+)$/.exec(line) ?? [];
    if (closed !== undefined && closed === inner.name) open.pop();
    else if (name !== undefined) {
      const section = { name, argument, parameters: {}, sections: [] };
      inner.sections.push(section);
      open.push(section);
    } else if (key !== undefined && value !== undefined && inner !== root && !(key in inner.parameters))
      inner.parameters[key] = value;
    else if (line !== "") throw new Error(`line ${index + 1}: ${line}`);
  }
  if (open.length > 1) throw new Error(`open at the end: ${open.map((one) => one.name).join(" ")}`);
  return root.sections;
}

/** Parameters that the plugin of a directive does not have. */
export function unknownParameters(directives: Directive[], outer = ""): string[] {
  return directives.flatMap(({ name, parameters, sections }) => {
    const type = parameters["@type"];
    const plugin = outer === "system" ? `system ${name}` : type === undefined ? name : `${name} ${type}`;
    // The fields of a record have names of their own.
    const free = name === "record" || name === "label";
    const known = ["@type", "@id", ...(fluentdParameters[plugin] ?? [])];
    const unknown = free ? [] : Object.keys(parameters).filter((key) => !known.includes(key));
    const missing = free || plugin in fluentdParameters ? [] : [`<${plugin}>`];
    return [...missing, ...unknown.map((key) => `${plugin}: ${key}`), ...unknownParameters(sections, name)];
  });
}
