import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export type Reply = string | number | null | Reply[];

/** A reply that is an error. */
export class ReplyError extends Error {}

interface Parsed {
  reply: Reply | ReplyError;
  rest: number;
}

/** A connection to a server or a Sentinel, just enough for the tests: https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export class Connection {
  private readonly socket: Socket;
  private readonly waiting: ((reply: Reply | Error) => void)[] = [];
  private received = Buffer.alloc(0);
  private failure: Error | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (data: Buffer) => {
      this.receive(data);
    });
    socket.on("error", (error) => {
      this.fail(error);
    });
    socket.on("close", () => {
      this.fail(new Error("the connection was closed"));
    });
  }

  /** Connects and logs in, within a second or so. */
  static async open(host: string, port: number, password: string): Promise<Connection> {
    const socket = connect({ host, port });
    const signal = AbortSignal.timeout(1000);
    try {
      await once(socket, "connect", { signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    const connection = new Connection(socket);
    await connection.send(["AUTH", password]);
    return connection;
  }

  /** The reply to a command; fails when there is none in time, and the connection is then of no more use. */
  async send(words: string[], timeout = 2000): Promise<Reply> {
    const [reply] = await this.sendAll([words], timeout);
    return reply ?? null;
  }

  /** The replies to several commands that are sent together. */
  async sendAll(commands: string[][], timeout = 2000): Promise<Reply[]> {
    const replies = commands.map(
      () =>
        new Promise<Reply>((resolve, reject) => {
          this.waiting.push((reply) => {
            if (reply instanceof Error) reject(reply);
            else resolve(reply);
          });
        }),
    );
    if (this.failure) this.fail(this.failure);
    else this.socket.write(commands.map(encode).join(""));
    const late = new AbortController();
    const timer = delay(timeout, undefined, { signal: late.signal }).then(
      () => {
        this.fail(new Error("no answer in time"));
      },
      () => undefined,
    );
    try {
      const settled = await Promise.allSettled(replies);
      const failed = settled.find((one) => one.status === "rejected");
      if (failed) throw failed.reason as Error;
      return settled.map((one) => (one.status === "fulfilled" ? one.value : null));
    } finally {
      late.abort();
      await timer;
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(data: Buffer): void {
    this.received = Buffer.concat([this.received, data]);
    for (;;) {
      const parsed = parse(this.received, 0);
      if (!parsed) return;
      this.received = this.received.subarray(parsed.rest);
      this.waiting.shift()?.(parsed.reply);
    }
  }

  private fail(error: Error): void {
    this.failure = error;
    this.socket.destroy();
    for (const settle of this.waiting.splice(0)) settle(error);
  }
}

function encode(words: string[]): string {
  return [`*${words.length}`, ...words.flatMap((word) => [`$${Buffer.byteLength(word)}`, word]), ""].join("\r\n");
}

function parse(data: Buffer, from: number): Parsed | undefined {
  const end = data.indexOf("\r\n", from);
  if (end < 0) return undefined;
  const kind = String.fromCharCode(data[from] ?? 0);
  const line = data.toString("utf8", from + 1, end);
  const rest = end + 2;
  if (kind === "+") return { reply: line, rest };
  if (kind === "-") return { reply: new ReplyError(line), rest };
  if (kind === ":") return { reply: Number(line), rest };
  if (kind === "$") return parseBulk(data, Number(line), rest);
  if (kind === "*") return parseArray(data, Number(line), rest);
  throw new Error(`not a reply: ${kind}${line}`);
}

function parseBulk(data: Buffer, length: number, from: number): Parsed | undefined {
  if (length < 0) return { reply: null, rest: from };
  if (data.length < from + length + 2) return undefined;
  return { reply: data.toString("utf8", from, from + length), rest: from + length + 2 };
}

function parseArray(data: Buffer, length: number, from: number): Parsed | undefined {
  if (length < 0) return { reply: null, rest: from };
  const replies: Reply[] = [];
  let rest = from;
  while (replies.length < length) {
    const parsed = parse(data, rest);
    if (!parsed) return undefined;
    if (parsed.reply instanceof ReplyError) throw parsed.reply;
    replies.push(parsed.reply);
    rest = parsed.rest;
  }
  return { reply: replies, rest };
}
