import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";

const require = createRequire(import.meta.url);

/** A generated message class of Pulumi's protocol; its own declarations know no properties by name. */
export interface Message {
  serializeBinary(): Uint8Array;
}

/** Values on the wire: unknowns and secrets are marked strings and objects. */
export type WireValue = null | boolean | number | string | WireValue[] | { [key: string]: WireValue };
export type WireObject = Record<string, WireValue>;

export interface StructMessage extends Message {
  toJavaScript(): WireObject;
}

export const Struct = (
  require("google-protobuf/google/protobuf/struct_pb.js") as {
    Struct: { fromJavaScript(value: WireObject): StructMessage };
  }
).Struct;
export const Empty = (require("google-protobuf/google/protobuf/empty_pb.js") as { Empty: new () => Message }).Empty;
export const Any = (
  require("google-protobuf/google/protobuf/any_pb.js") as {
    Any: new () => Message & { pack(bytes: Uint8Array, type: string): void };
  }
).Any;

/** Messages and services of one of the protocol's files. */
export function protocol(file: string): unknown {
  return require(`@pulumi/pulumi/proto/${file}.js`);
}

/** The mark of an unknown value, and of a value with a meaning of its own. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value without its marks: secrets as they are, unknowns as the mark of one. */
export function plain(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (value[signatureKey] === secretSignature) return plain(value.value ?? null);
  if (value[signatureKey] === outputSignature) return value.value === undefined ? unknown : plain(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

export function containsUnknown(value: WireValue): boolean {
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (isObject(value)) return Object.values(value).some(containsUnknown);
  return typeof value === "string" && value.includes(unknown);
}

/** Serves a plugin as the engine expects it: its port is the first line of the standard output. */
export async function serve(services: [grpc.ServiceDefinition, grpc.UntypedServiceImplementation][]): Promise<void> {
  const server = newServer();
  for (const [definition, implementation] of services) server.addService(definition, implementation);
  process.stdout.write(`${await listen(server)}\n`);
  endWithParent();
}

/** The engine ends its plugins, unless it is killed itself. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit();
  }, 1000);
}

const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export function newServer(): grpc.Server {
  return new grpc.Server(unlimited);
}

export function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

export function connect(address: string): grpc.Client {
  return new grpc.Client(address, grpc.credentials.createInsecure(), unlimited);
}

/** A handler of a unary call from a function of its request. */
export function answering<Request>(
  answer: (request: Request) => Message | Promise<Message>,
): grpc.handleUnaryCall<Request, Message> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(asServiceError(error));
        },
      );
  };
}

function asServiceError(error: unknown): Partial<grpc.ServiceError> {
  if (error instanceof Error && "metadata" in error) return error as Partial<grpc.ServiceError>;
  const message = error instanceof Error ? error.message : String(error);
  return { code: grpc.status.UNKNOWN, message, details: message };
}
