/** Runs Node.js programs for the engine, in place of Pulumi's own language host. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { answering, Empty, type Message, protocol, serve, type StructMessage } from "./plugin.ts";
import { startTap, type Tap } from "./tap.ts";

interface RunRequest {
  getProject(): string;
  getStack(): string;
  getOrganization(): string;
  getPwd(): string;
  getDryrun(): boolean;
  getParallel(): number;
  getMonitorAddress(): string;
  getConfigMap(): { getEntryList(): [string, string][] };
  getConfigsecretkeysList(): string[];
  getInfo(): ProgramInfo;
}

interface ProgramInfo {
  getRootDirectory(): string;
  getProgramDirectory(): string;
  getEntryPoint(): string;
  getOptions(): StructMessage | undefined;
}

interface RunResponse extends Message {
  setError(message: string): void;
  setBail(bail: boolean): void;
}

const messages = protocol("language_pb") as {
  RunResponse: new () => RunResponse;
  LanguageHandshakeResponse: new () => Message;
  GetRequiredPluginsResponse: new () => Message;
  GetRequiredPackagesResponse: new () => Message;
  RuntimeOptionsResponse: new () => Message;
};
const { PluginInfo } = protocol("plugin_pb") as {
  PluginInfo: new () => Message & { setVersion(version: string): void };
};
const { LanguageRuntimeService } = protocol("language_grpc_pb") as { LanguageRuntimeService: ServiceDefinition };

/** The exit status of a program whose error the user has been told already. */
const saidStatus = 32;
const engineAddress = process.argv.slice(2).findLast((argument) => !argument.startsWith("-")) ?? "";

async function run(request: RunRequest): Promise<Message> {
  const tapFile = process.env.GATEHOUSE_TAP;
  const tap = tapFile === undefined ? undefined : await startTap(request.getMonitorAddress(), tapFile);
  const status = await runProgram(request, tap);
  tap?.stop();
  const response = new messages.RunResponse();
  if (status === saidStatus) response.setBail(true);
  else if (status !== 0) response.setError(`the program ended with status ${status ?? "unknown"}`);
  return response;
}

function runProgram(request: RunRequest, tap: Tap | undefined): Promise<number | null> {
  const info = request.getInfo();
  const { nodeargs = "", typescript = true } = (info.getOptions()?.toJavaScript() ?? {}) as {
    nodeargs?: string;
    typescript?: boolean;
  };
  const runner = createRequire(join(info.getProgramDirectory(), "program.js")).resolve("@pulumi/pulumi/cmd/run");
  const args = [
    ...nodeargs.split(/\s+/).filter((argument) => argument !== ""),
    runner,
    `--monitor=${tap?.address ?? request.getMonitorAddress()}`,
    `--engine=${engineAddress}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--root-directory=${info.getRootDirectory()}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    `--parallel=${request.getParallel()}`,
    entry(info),
  ];
  const env = {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript),
  };
  return new Promise((resolve, reject) => {
    const program = spawn(process.execPath, args, {
      cwd: request.getPwd(),
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    program.on("error", reject);
    program.on("exit", resolve);
  });
}

/** The entry point seen from the program's folder. */
function entry(info: ProgramInfo): string {
  const point = info.getEntryPoint();
  return point === "." ? point : basename(point);
}

await serve([
  [
    LanguageRuntimeService,
    {
      handshake: answering(() => new messages.LanguageHandshakeResponse()),
      getPluginInfo: answering(() => {
        const info = new PluginInfo();
        info.setVersion("3.256.0");
        return info;
      }),
      getRequiredPlugins: answering(() => new messages.GetRequiredPluginsResponse()),
      getRequiredPackages: answering(() => new messages.GetRequiredPackagesResponse()),
      runtimeOptionsPrompts: answering(() => new messages.RuntimeOptionsResponse()),
      run: answering(run),
      cancel: answering(() => new Empty()),
    },
  ],
]);
