import { appendFileSync } from "node:fs";
import type { MethodDefinition, ServiceDefinition, ServiceError } from "@grpc/grpc-js";
import { connect, listen, newServer, protocol } from "./plugin.ts";

const { ResourceMonitorService } = protocol("resource_grpc_pb") as { ResourceMonitorService: ServiceDefinition };

export interface Tap {
  /** Where the program finds the engine. */
  address: string;
  stop(): void;
}

/** What went through a tap: one line of JSON each. */
export interface TappedCall {
  /** Name of the method, as RegisterResource. */
  method: string;
  /** The request's and the response's bytes in base64. */
  request: string;
  response: string;
}

/** Stands between a program and the engine, and writes to a file what the program asks for. */
export async function startTap(engine: string, file: string): Promise<Tap> {
  const client = connect(engine);
  const server = newServer();
  const bytes = (message: Buffer) => message;
  for (const [name, definition] of Object.entries(ResourceMonitorService)) {
    const raw: MethodDefinition<Buffer, Buffer> = {
      ...(definition as MethodDefinition<object, object>),
      requestSerialize: bytes,
      requestDeserialize: bytes,
      responseSerialize: bytes,
      responseDeserialize: bytes,
    };
    server.addService(
      { [name]: raw },
      {
        [name]: (call: { request: Buffer }, callback: (error: ServiceError | null, response?: Buffer) => void) => {
          client.makeUnaryRequest(raw.path, bytes, bytes, call.request, (error, response) => {
            const tapped: TappedCall = {
              method: raw.path.split("/").at(-1) ?? "",
              request: call.request.toString("base64"),
              response: response?.toString("base64") ?? "",
            };
            appendFileSync(file, `${JSON.stringify(tapped)}\n`);
            callback(error, response);
          });
        },
      },
    );
  }
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown();
      client.close();
    },
  };
}
