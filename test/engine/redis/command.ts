import { execFileSync } from "node:child_process";
import { eventually } from "../support/eventually.ts";

/** What a server answers to a command. */
export function ask(address: string, password: string, ...words: string[]): string {
  const env = { ...process.env, REDISCLI_AUTH: password };
  return execFileSync("redis-cli", ["-h", address, ...words], { encoding: "utf8", env, stdio: "pipe" }).trim();
}

/** Until a command is answered as it should be, for at most half a minute. */
export async function answers(address: string, password: string, words: string[], answer: string): Promise<void> {
  const holds = (): boolean | string => {
    try {
      const last = ask(address, password, ...words);
      return last === answer || `it answers ${last}`;
    } catch (error) {
      return String(error);
    }
  };
  await eventually(`${address} answers ${words.join(" ")} with ${answer}`, holds, 30_000);
}
