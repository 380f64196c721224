import { setTimeout as delay } from "node:timers/promises";
import { type Connection } from "./connection.ts";

/** Opens a connection to the master in the writer's own way. */
export type Way = () => Promise<Connection>;

/**
 * A client that writes all the time, and keeps a list of what was acknowledged: the master said OK, and that at least
 * one replica has it (`WAIT 1`).
 */
export class Writer {
  public readonly name: string;
  /** Every key with its value. */
  public readonly acknowledged = new Map<string, string>();
  /** What the last write failed with, for a message. */
  public lastFailure = "none";
  /** When each was acknowledged. */
  private readonly times: number[] = [];
  private readonly way: Way;
  private running = true;
  private readonly ended: Promise<void>;

  constructor(name: string, way: Way) {
    this.name = name;
    this.way = way;
    this.ended = this.run();
  }

  /** The longest time without an acknowledged write since a moment, in milliseconds. */
  longestGap(since: number): number {
    const times = [since, ...this.times.filter((time) => time >= since), performance.now()];
    return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
  }

  /** Whether something was acknowledged since a moment. */
  wroteSince(since: number): boolean {
    return (this.times.at(-1) ?? 0) > since;
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.ended;
  }

  private async run(): Promise<void> {
    let connection: Connection | undefined;
    for (let number = 0; this.running; number++) {
      const [key, value] = [`${this.name}:${number}`, String(Math.random())];
      try {
        connection ??= await this.way();
        const [reply, replicas] = await connection.sendAll([
          ["SET", key, value],
          ["WAIT", "1", "1000"],
        ]);
        if (reply === "OK" && Number(replicas) >= 1) {
          this.acknowledged.set(key, value);
          this.times.push(performance.now());
        }
        await delay(5);
      } catch (error) {
        this.lastFailure = String(error);
        connection?.close();
        connection = undefined;
        await delay(50);
      }
    }
    connection?.close();
  }
}
