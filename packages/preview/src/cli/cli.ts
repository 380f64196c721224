import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { UsageError } from "../errors.ts";
import { configCommand } from "./configCommand.ts";
import { diffCommand } from "./diffCommand.ts";
import { exitStatus } from "./exitStatus.ts";
import { previewCommand } from "./previewCommand.ts";

/** Runs the command and returns its exit status. */
export async function main(argv: string[]): Promise<number> {
  let status: number = exitStatus.ok;
  const program = new Command("gatehouse")
    .description("Shows what a Pulumi program would create: offline, without an engine, credentials or a cloud.")
    .version(ownVersion());
  const finish = (result: number): void => {
    status = result;
  };
  for (const command of [previewCommand(finish), configCommand(), diffCommand()]) program.addCommand(command);
  configure(program);

  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    // Commander has already printed its message, or the help that you asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.wrong;
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n`);
      return exitStatus.wrong;
    }
    throw error;
  }
}

/** Settings that commander does not hand on to a command made elsewhere. */
function configure(command: Command): void {
  command.exitOverride().configureHelp({ showGlobalOptions: true });
  command.commands.forEach(configure);
}

function ownVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
