import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findProgram } from "../tools/debianPackages.ts";

/** What Redis says against a configuration: it has no check, so it is started, where nobody reaches it. */
export async function redisRefusal(file: string, directory: string): Promise<string> {
  const program = findProgram("redis-server");
  if (program === undefined) throw new Error("redis-server is not on this machine; npm run test:engine installs it");
  const place = ["--port", "0", "--unixsocket", join(directory, "socket"), "--dir", directory, "--logfile", ""];
  const server = spawn(program, [file, ...place], { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000 });
  const end = once(server, "close");
  let output = "";
  const isReady = () => /ready to accept connections/i.test(output);
  for (const stream of [server.stdout, server.stderr])
    stream.on("data", (data: Buffer) => {
      output += data.toString();
      if (isReady()) server.kill("SIGKILL");
    });
  await end;
  return isReady() ? "" : output;
}
