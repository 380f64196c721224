import { type EnvironmentArgs, type Problem, repeated } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../pod/container/container.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import { temporaryDirectory, type VolumeArgs } from "../pod/container/volume.ts";

/** A server beside the broker, in each of its pods, which the broker reaches by a Unix socket. */
export interface UpstreamSidecarArgs {
  /** Name of the container. */
  name: string;
  /** Image with a tag other than `latest`, or a digest. */
  image: Input<string>;
  /** Absolute path of the socket, directly in the broker's `upstreamDirectory`: `/run/mcp/docs.sock`. */
  socket: string;
  /**
   * Command in place of the image's entry point.
   * @default the image's own
   */
  command?: Input<string>[];
  /**
   * Arguments in place of the image's own.
   * @default the image's own
   */
  arguments?: Input<string>[];
  /**
   * Environment of the server. It does not have the broker's.
   * @default none
   */
  environment?: EnvironmentArgs;
  /** Requests and limits. */
  resources: ResourcesArgs;
  /**
   * Further volumes of the server.
   * @default none
   */
  volumes?: VolumeArgs[];
  /**
   * Directories that the server writes to, and does not share with the broker.
   * @default ["/tmp"]
   */
  temporaryDirectories?: string[];
  /**
   * Whether the broker starts only once the socket is there. The kubelet looks for it by the command `test`, so the
   * image must have that.
   * @default true
   */
  waitsForSocket?: boolean;
}

/** The directory of the sockets, where nothing else is said. */
export const defaultUpstreamDirectory = "/run/mcp";

/** The directory that the broker and its upstreams share. */
export function socketVolume(directory: string): VolumeArgs {
  return { name: "upstreams", mountPath: directory, emptyDir: { sizeLimit: "1Mi" } };
}

/** Checks that each socket is where the broker sees it, and that no two servers listen on one. */
export function checkUpstreams(subject: string, upstreams: UpstreamSidecarArgs[], directory: string): Problem[] {
  const outside = upstreams.filter(
    ({ socket }) => !socket.startsWith(`${directory}/`) || !/^[\w.-]+$/.test(socket.slice(directory.length + 1)),
  );
  return [
    ...outside.map(({ name, socket }) => ({
      subject: `${subject}.${name}.socket`,
      message: "the broker does not see a socket outside the directory that it shares with its upstreams",
      value: socket,
      expected: `a file in ${directory}: ${directory}/${name}.sock`,
    })),
    ...repeated(upstreams.map(({ socket }) => socket)).map((socket) => ({
      subject,
      message: "two upstreams listen on the same socket",
      value: `${socket}, of ${upstreams
        .filter((one) => one.socket === socket)
        .map(({ name }) => name)
        .join(" and ")}`,
      expected: "a socket for each",
    })),
  ];
}

/** The upstreams as native sidecars: up before the broker starts, and until it has stopped. */
export function upstreamSidecars(upstreams: UpstreamSidecarArgs[], directory: string): ContainerArgs[] {
  return upstreams.map(({ socket, waitsForSocket = true, temporaryDirectories = ["/tmp"], ...server }) => ({
    ...server,
    startup: waitsForSocket ? { command: ["test", "-S", socket], periodSeconds: 1, failureThreshold: 60 } : undefined,
    volumes: [
      socketVolume(directory),
      // A volume is shared by its name, and these are not.
      ...temporaryDirectories
        .map(temporaryDirectory)
        .map((volume) => ({ ...volume, name: `${server.name}-${volume.name}` })),
      ...(server.volumes ?? []),
    ],
  }));
}
