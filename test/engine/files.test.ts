import { DevelopmentRedis } from "@gatehouse/kubernetes";
import { describe, expect, it } from "vitest";
import { record } from "../../packages/kubernetes/test/support/record.ts";
import { examples } from "./files/examples.ts";
import { filesOf, proveFiles, readersOf, type SecretTexts } from "./files/proof.ts";
import { readers } from "./files/readers.ts";
import { stackObjects } from "./proofs/objects.ts";

const stacks = await stackObjects();
const secrets = await secretTexts();

/** From the components that make them, with a password that is none. */
async function secretTexts(): Promise<SecretTexts> {
  const recording = await record(() => new DevelopmentRedis("shield-redis", { namespace: "shield-dev" }));
  const { stringData } = recording.object("Secret", "shield-redis") as unknown as {
    stringData: { $secret: Record<string, string> };
  };
  return { "Secret shield-dev/shield-redis redis.conf": stringData.$secret["redis.conf"] ?? "" };
}

const counted = stacks.map((stack) => ({ ...stack, count: filesOf(stack).length }));

describe.each(counted)("the $count files of $stack", (stack) => {
  it("what reads them takes them", async () => {
    expect(await proveFiles(stack, secrets)).toEqual([]);
  });
});

describe("the table of readers", () => {
  const read = stacks.flatMap((stack) => filesOf(stack)).flatMap(readersOf);

  it("the stacks have files of every kind but these", () => {
    const unused = readers.filter((reader) => !read.includes(reader));
    expect(unused.map(({ program }) => program)).toEqual(["nginx", "ingress-nginx", "a reader of JSON"]);
  });

  it("every program is asked but these", () => {
    const absent = readers.filter(({ refusal }) => refusal === undefined);
    expect(Object.fromEntries(absent.map(({ program, absence }) => [program, absence]))).toEqual({
      psql: "it needs the database; backup.test.ts runs the files on a server",
      fluentd: "Debian has no package of it",
      "the environment": "a password or the like is any text",
    });
    expect(Object.keys(examples).sort()).toEqual(
      readers
        .filter(({ refusal }) => refusal)
        .map(({ program }) => program)
        .sort(),
    );
  });

  const all = Object.entries(examples).flatMap(([program, own]) => own.map((example) => ({ program, ...example })));
  it.each(all)("$program takes a good file, and its refusal of a broken one is told", async (example) => {
    const { good, broken, message } = example;
    expect(await proveFiles({ stack: "shop-prod", objects: [good] })).toEqual([]);
    const [problem, ...others] = await proveFiles({ stack: "shop-prod", objects: [broken] });
    expect(others).toEqual([]);
    expect(problem?.slice(0, "shop-prod: ".length)).toBe("shop-prod: ");
    expect(problem?.slice("shop-prod: ".length)).toMatch(message);
  });

  it("a file that nothing is known to read is told", async () => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "files", namespace: "shop" },
      data: { "shop.toml": "open = true\n" },
    };
    expect(await proveFiles({ stack: "shop-prod", objects: [object] })).toEqual([
      "shop-prod: ConfigMap shop/files shop.toml: nothing is known to read it: the table of readers needs an entry",
    ]);
  });

  it("a file in a Secret whose text is not known is told", async () => {
    const object = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "files", namespace: "shop" },
      stringData: { password: "gatehouse-secret", "redis.conf": "gatehouse-secret" },
    };
    expect(await proveFiles({ stack: "shop-prod", objects: [object] })).toEqual([
      "shop-prod: Secret shop/files redis.conf: its text is secret, and redis-server cannot be asked",
    ]);
  });
});
