import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fixtures, hasFailed, preview, type StackGraph } from "../../../packages/preview/src/index.ts";
import type { PulumiProject } from "../pulumi/project.ts";
import { protocol } from "../standIns/plugin.ts";
import type { TappedCall } from "../standIns/tap.ts";
import { type PlainRequest, plainRequest } from "./requests.ts";

type MessageClass = { deserializeBinary(bytes: Uint8Array): object };

const messages = protocol("resource_pb") as Record<string, MessageClass>;
const requestClasses: Record<string, string> = {
  RegisterResource: "RegisterResourceRequest",
  RegisterResourceOutputs: "RegisterResourceOutputsRequest",
  ReadResource: "ReadResourceRequest",
  Invoke: "ResourceInvokeRequest",
};

/** What a stack's program asks the engine for in a preview. */
export async function engineRequests(project: PulumiProject, stack: string): Promise<PlainRequest[]> {
  const file = join(project.scope.directory, `engine-${stack}.jsonl`);
  const { status, output } = await project.operate(["preview"], stack, { GATEHOUSE_TAP: file });
  if (status !== 0) throw new Error(`${stack}: ${output}`);
  return readLines<TappedCall>(file).flatMap(({ method, request }) => {
    const name = requestClasses[method];
    const type = name === undefined ? undefined : messages[name];
    return type === undefined ? [] : [plainRequest(method, type.deserializeBinary(Buffer.from(request, "base64")))];
  });
}

/** What the same program asks the recorder for, and the graph that the recorder makes of it. */
export async function recorded(
  project: PulumiProject,
  stack: string,
  fixtures: Fixtures = {},
): Promise<{ requests: PlainRequest[]; graph: StackGraph }> {
  const config = await project.secretConfig(stack);
  const file = join(project.scope.directory, `recorder-${stack}.jsonl`);
  const tap = `--import=${join(import.meta.dirname, "recorderTap.ts")}`;
  process.env.GATEHOUSE_RECORDER_TAP = file;
  process.env.NODE_OPTIONS = tap;
  try {
    const graph = await preview({ project: project.directory, stack, config, fixtures });
    if (hasFailed(graph)) throw new Error(`${stack}: ${graph.diagnostics.map(({ message }) => message).join("\n")}`);
    return { requests: readLines<PlainRequest>(file), graph };
  } finally {
    delete process.env.GATEHOUSE_RECORDER_TAP;
    delete process.env.NODE_OPTIONS;
  }
}

function readLines<Line>(file: string): Line[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}
