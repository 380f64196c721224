import {
  addQuantities,
  checkBytes,
  checkDuration,
  checkedArgs,
  checkPortNumber,
  compareQuantities,
  contentHash,
  describe,
  type Endpoint,
  mergeEnvironments,
  type Problem,
  recommendedLabels,
  throwIfAny,
} from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { ContainerArgs } from "../pod/container/container.ts";
import { fluentdConfiguration } from "./logForwarderConfiguration.ts";
import { certificateAuthorityDirectory, checkLogSink, type LogSinkArgs, sinkEnvironment } from "./logSink.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";
import { argsSchema } from "../argsSchema.ts";

/** Logs that are forwarded, and their sink. */
export interface LogForwarderOptionsArgs {
  /**
   * Image of fluentd 1.16 or later with fluent-plugin-prometheus, and with fluent-plugin-elasticsearch or
   * fluent-plugin-s3 for such a sink. Those named `fluent/fluentd-kubernetes-daemonset` have the former, those with
   * `elasticsearch` or `s3` in the tag both.
   */
  image: pulumi.Input<string>;
  /**
   * Directory in which the program writes its logs, as files that end in `.log` with one JSON object a line. It rotates
   * them itself, and well below `directorySize`: files that are not read yet are not removed by anybody else.
   */
  directory: string;
  /** Sink of the logs. */
  sink: LogSinkArgs;
  /**
   * Size of the program's logs at which the pod is evicted.
   * @default "512Mi"
   */
  directorySize?: string;
  /**
   * Size of the disk buffer, of which nine tenths are used; then reading waits for the sink. It is lost with the pod.
   * @default "1Gi"
   */
  bufferSize?: string;
  /**
   * Longest time that a line waits for others before it is sent. For s3 each is an object: use a minute or so.
   * @default "5s"
   */
  flushInterval?: string;
  /**
   * Port of fluentd's own metrics.
   * @default 24231
   */
  metricsPort?: number;
  /**
   * Requests and limits.
   * @default requests 50m and 128Mi, limits 200m and 256Mi, disk for logs and buffer
   */
  resources?: ResourcesArgs;
}

export interface LogForwarderArgs extends LogForwarderOptionsArgs {
  /** Namespace of the pods. */
  namespace: pulumi.Input<string>;
  /**
   * Labels of the configuration.
   * @default none
   */
  labels?: Record<string, string>;
}

const bufferDirectory = "/var/lib/fluentd";
const configurationDirectory = "/etc/fluentd";

/** Name of the port of fluentd's metrics. */
export const forwarderPortName = "fluentd";

/**
 * A sidecar that ships what a program writes to a directory: fluentd, which keeps each line on disk until the sink has
 * acknowledged it. Put `sidecar`, `volume` and `endpoint` into the program's workload.
 * @throws InputError unless there is exactly one sink, and for sizes that do not fit.
 */
export class LogForwarder extends pulumi.ComponentResource {
  /** Sidecar that forwards the logs. */
  public readonly sidecar: ContainerArgs;
  /** The directory of the logs, for the program's own container. */
  public readonly volume: VolumeArgs;
  /** The sink, for the pods' `connectsTo`. It carries no variables for the program. */
  public readonly endpoint: Endpoint;

  constructor(name: string, args: LogForwarderArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "LogForwarderArgs", `${name} (LogForwarder)`, args);
    super("gatehouse:kubernetes:LogForwarder", name, {}, opts);
    throwIfAny(checkLogForwarder(describe(name, this), args));

    const configuration = this.createConfiguration(name, args);
    this.volume = logVolume(args);
    this.sidecar = sidecar(args, this.volume, configuration.metadata.name);
    this.endpoint = { ...args.sink.endpoint, environment: undefined };
    this.registerOutputs({ sidecar: this.sidecar, volume: this.volume, endpoint: this.endpoint });
  }

  /** Each state of the configuration has a name of its own, so that a change rolls the pods. */
  private createConfiguration(name: string, args: LogForwarderArgs): core.ConfigMap {
    const { namespace, labels, directory, sink, bufferSize = "1Gi", flushInterval = "5s", metricsPort = 24231 } = args;
    const settings = { tag: name, directory, bufferDirectory, bufferSize, flushInterval, metricsPort, sink };
    const configuration = fluentdConfiguration(settings);
    const metadata = objectMeta(name, this, {
      kind: "ConfigMap",
      name: `${name}-${contentHash(configuration)}`,
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
    });
    return new core.ConfigMap(
      `${name}-configuration`,
      { metadata, data: { "fluent.conf": configuration }, immutable: true },
      { parent: this },
    );
  }
}

function logVolume({ directory, directorySize = "512Mi" }: LogForwarderArgs): VolumeArgs {
  return { name: "logs", mountPath: directory, emptyDir: { sizeLimit: directorySize } };
}

function sidecar(args: LogForwarderArgs, logs: VolumeArgs, configuration: pulumi.Input<string>): ContainerArgs {
  const { image, sink, bufferSize = "1Gi", metricsPort = 24231 } = args;
  const { certificateAuthority: configMap } = sink;
  return {
    name: "log-forwarder",
    image,
    command: ["fluentd", "--config", `${configurationDirectory}/fluent.conf`],
    environment: mergeEnvironments(sinkEnvironment(sink), {
      fields: { POD_NAME: "metadata.name", POD_NAMESPACE: "metadata.namespace" },
    }),
    ports: [{ name: forwarderPortName, port: metricsPort }],
    resources: resourcesOf(args),
    // A pod that cannot ship its log takes no requests.
    readiness: { path: "/metrics", port: metricsPort, timeoutSeconds: 5 },
    liveness: { path: "/metrics", port: metricsPort, initialDelaySeconds: 30, timeoutSeconds: 5 },
    volumes: [
      { ...logs, readOnly: true },
      { name: "log-buffer", mountPath: bufferDirectory, emptyDir: { sizeLimit: bufferSize } },
      { name: "log-forwarder", mountPath: configurationDirectory, configMap: configuration },
      { name: "log-forwarder-tmp", mountPath: "/tmp", emptyDir: { sizeLimit: "16Mi" } },
      ...(configMap === undefined
        ? []
        : [{ name: "log-sink-ca", mountPath: certificateAuthorityDirectory, configMap }]),
    ],
  };
}

/** A pod is evicted when its directories hold more than all its containers together may, so their sizes are allowed. */
function disk({ directorySize = "512Mi", bufferSize = "1Gi" }: LogForwarderArgs): string {
  return addQuantities(directorySize, bufferSize, "256Mi");
}

function resourcesOf(args: LogForwarderArgs): ResourcesArgs {
  const { requests, limits } = args.resources ?? {
    requests: { cpu: "50m", memory: "128Mi" },
    limits: { cpu: "200m", memory: "256Mi" },
  };
  return { requests, limits: { ...limits, ephemeralStorage: limits.ephemeralStorage ?? disk(args) } };
}

function checkLogForwarder(subject: string, args: LogForwarderArgs): Problem[] {
  const { directory, sink, directorySize = "512Mi", bufferSize = "1Gi", flushInterval = "5s", metricsPort } = args;
  const sizes = [
    ...checkBytes(directorySize, `${subject}.directorySize`),
    ...checkBytes(bufferSize, `${subject}.bufferSize`),
  ];
  return [
    ...checkLogSink(`${subject}.sink`, sink),
    ...sizes,
    ...(sizes.length > 0 ? [] : [...checkBufferSize(subject, bufferSize), ...checkDisk(subject, args)]),
    ...(/^(\/[A-Za-z0-9._-]+)+$/.test(directory)
      ? []
      : [
          {
            subject: `${subject}.directory`,
            message: "not the path of a directory",
            value: directory,
            expected: "segments of letters, digits, dots, dashes and underscores, each after a slash",
          },
        ]),
    // Of the units of durations, these are fluentd's too.
    ...(/^\d+[smhd]$/.test(flushInterval)
      ? checkDuration(flushInterval, `${subject}.flushInterval`)
      : [
          {
            subject: `${subject}.flushInterval`,
            message: "not a time that fluentd reads",
            value: flushInterval,
            expected: "a whole number with s, m, h or d",
          },
        ]),
    ...checkPortNumber(`${subject}.metricsPort`, metricsPort),
  ];
}

function checkBufferSize(subject: string, bufferSize: string): Problem[] {
  const least = "64Mi";
  if (compareQuantities(bufferSize, least) >= 0) return [];
  return [
    {
      subject: `${subject}.bufferSize`,
      message: "the buffer has room for only a few chunks of 8 MiB",
      value: bufferSize,
      expected: `${least} or more`,
    },
  ];
}

function checkDisk(subject: string, args: LogForwarderArgs): Problem[] {
  const { directorySize = "512Mi", bufferSize = "1Gi", resources } = args;
  const limit = resources?.limits.ephemeralStorage;
  if (limit === undefined || checkBytes(limit, subject).length > 0) return [];
  const needed = disk(args);
  if (compareQuantities(limit, needed) >= 0) return [];
  return [
    {
      subject: `${subject}.resources.limits.ephemeralStorage`,
      message: "the pod is evicted before its logs and the buffer have the size they may have",
      value: limit,
      expected: `${needed} or more: ${directorySize} of logs, ${bufferSize} of buffer, 256Mi for the rest`,
      fix: "leave it out",
    },
  ];
}
