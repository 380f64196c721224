import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fixtures, hasFailed, preview, type StackGraph } from "../../../packages/preview/src/index.ts";
import type { PulumiProject } from "../pulumi/project.ts";
import { ended } from "../support/outcome.ts";
import { protocol } from "../standIns/plugin.ts";
import type { TappedCall } from "../standIns/tap.ts";
import { type EnginePlan, readPlan } from "./plan.ts";
import { type PlainRequest, plainRequest } from "./requests.ts";

type MessageClass = { deserializeBinary(bytes: Uint8Array): object };

const resources = protocol("resource_pb") as Record<string, MessageClass>;
const callbacks = protocol("callback_pb") as Record<string, MessageClass>;
/** What a program asks for, other than what the engine can do. */
const requestClasses: Record<string, MessageClass | undefined> = {
  RegisterResource: resources.RegisterResourceRequest,
  RegisterResourceOutputs: resources.RegisterResourceOutputsRequest,
  ReadResource: resources.ReadResourceRequest,
  Invoke: resources.ResourceInvokeRequest,
  Call: resources.ResourceCallRequest,
  RegisterResourceHook: resources.RegisterResourceHookRequest,
  RegisterErrorHook: resources.RegisterErrorHookRequest,
  RegisterStackTransform: callbacks.Callback,
  RegisterStackInvokeTransform: callbacks.Callback,
};

/** What a stack's program asks the engine for in a preview, and what the engine plans. */
export interface EngineView {
  requests: PlainRequest[];
  /** What the engine says that it can do, as numbers of the protocol. */
  features: number[];
  plan: EnginePlan;
}

export async function engineView(project: PulumiProject, stack: string): Promise<EngineView> {
  const tap = join(project.scope.directory, `engine-${stack}.jsonl`);
  const plan = join(project.scope.directory, `plan-${stack}.json`);
  const args = ["preview", "--json", "--save-plan", plan, "--stack", stack];
  const child = project.start(args, { GATEHOUSE_TAP: tap });
  let states = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (states += text));
  const { status, output } = await ended(child);
  if (status !== 0) throw new Error(`${stack}: ${diagnostics(states) ?? output}`);
  const calls = readLines<TappedCall>(tap);
  return {
    requests: calls.flatMap(({ method, request }) => {
      const message = requestClasses[method]?.deserializeBinary(Buffer.from(request, "base64"));
      return message === undefined ? [] : [plainRequest(method, message)];
    }),
    features: calls.flatMap(({ method, response }) => (method === "GetDeploymentInfo" ? features(response) : [])),
    plan: readPlan(readFileSync(plan, "utf8"), states),
  };
}

function diagnostics(preview: string): string | undefined {
  if (!preview.startsWith("{")) return undefined;
  const { diagnostics = [] } = JSON.parse(preview) as { diagnostics?: { message: string }[] };
  return diagnostics.map(({ message }) => message).join("\n");
}

function features(response: string): number[] {
  const info = resources.DeploymentInfo?.deserializeBinary(Buffer.from(response, "base64")) as {
    getSupportedfeaturesList(): number[];
  };
  return info.getSupportedfeaturesList();
}

/** What the same program asks the recorder for, and the graph that the recorder makes of it. */
export interface RecorderView {
  requests: PlainRequest[];
  graph: StackGraph;
}

export async function recorderView(
  project: PulumiProject,
  stack: string,
  fixtures: Fixtures = {},
): Promise<RecorderView> {
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
