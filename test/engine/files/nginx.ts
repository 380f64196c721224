import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../support/runProgram.ts";

/** A server as the ingress controller makes it, with a snippet of its own, or of its one location. */
export function serverWith(own: boolean, snippet: string): string {
  const [before, within] = own ? [snippet, ""] : ["", snippet];
  return `events {}
http {
  server {
    listen 127.0.0.1:8080;
    ${before}
    location / {
      ${within}
    }
  }
}
`;
}

/** What nginx says against a configuration. It resolves names when it starts; those that only a cluster has are taken for its own. */
export async function nginxRefusal(text: string, directory: string): Promise<string> {
  const file = join(directory, "nginx.conf");
  writeFileSync(file, text);
  const { status, output } = await runProgram("nginx", ["-t", "-q", "-e", "stderr", "-p", directory, "-c", file]);
  if (status === 0) return "";
  const host = /host not found in [^"]*"([^":/]+)/.exec(output)?.[1];
  if (host === undefined) return output;
  const alone = new RegExp(`(?<![\\w.-])${host.replaceAll(".", "\\.")}(?![\\w.-])`, "g");
  const known = text.replaceAll(alone, "127.0.0.1");
  return known === text ? output : nginxRefusal(known, directory);
}
