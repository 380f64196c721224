import { describe, expect, test } from "vitest";
import { preview } from "../../src/index.ts";
import type { StackGraph } from "../../src/index.ts";
import { errors, gatehouse, plainProject, program, temporaryProject } from "../support.ts";

const project = program("errors");

function run(stack: string, timeout?: number): Promise<StackGraph> {
  return preview({ project, stack, ...(timeout === undefined ? {} : { timeout }) });
}

describe("a program that goes wrong says so with its own error", () => {
  test.each([
    ["throw", "Error: thrown at the top level"],
    ["await", "Error: rejected in a top-level await"],
    ["reject", "Error: rejected and not awaited"],
    ["apply", "Error: thrown in an apply"],
    ["input", 'Error: error serializing property "value": an input that rejects'],
    ["late-reject", "Error: rejected after the end"],
    ["late-throw", "Error: thrown after the end"],
  ])("%s: with the place in the program and no frame of other code", async (stack, message) => {
    const [error = "", ...others] = errors(await run(stack));
    const [first, ...frames] = error.split("\n");
    expect(others).toEqual([]);
    expect(first).toBe(message);
    expect(frames.length).toBeGreaterThan(0);
    expect(frames.filter((frame) => !/^ +at .*\/programs\/errors\/index\.ts:\d+:\d+\)?$/.test(frame))).toEqual([]);
  });

  test.each([
    ["run-error", "said by the program\n  fix:      do as it says"],
    ["not-an-error", "only a text"],
    ["exit-status", "the program ended with status 3"],
    ["killed", "the program's process was killed by SIGTERM"],
  ])("%s: the message alone", async (stack, message) => {
    expect(errors(await run(stack))).toEqual([message]);
  });

  test.each([
    ["resource-error", "wrong in the resource"],
    ["log-error", "reported by a resource"],
  ])("%s: names the resource", async (stack, message) => {
    const { diagnostics } = await run(stack);
    const urn = `urn:pulumi:${stack}::errors::test:index:Thing::culprit`;
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([{ severity: "error", message, urn }]);
  });

  test("a method whose arguments go wrong is told like any other, though nobody answers it", async () => {
    expect(errors(await run("method"))).toContainEqual(expect.stringContaining("an argument that rejects"));
  });

  test("a duplicate URN is refused in the engine's words, and the first resource stays", async () => {
    const stack = await run("duplicate");
    const urn = "urn:pulumi:duplicate::errors::test:index:Thing::first";
    expect(stack.diagnostics.filter(({ severity }) => severity === "error")).toEqual([
      { severity: "error", message: `Duplicate resource URN '${urn}'; try giving it a unique name`, urn },
    ]);
    expect(stack.resources.filter((resource) => resource.urn === urn)).toHaveLength(1);
  });
});

describe("a program that never comes to its end", () => {
  const waited = "the program came to its end while it still waited for a value that never came:\n";
  const unfinished = "  the program waits for an await at its top level, or a value that it exports";

  test.each([
    [
      "pending",
      '  test:index:Thing "child" waits for what it depends on\n  test:index:Thing "waiting" waits for its input "value"',
    ],
    ["pending-output", unfinished],
    ["pending-top-level", unfinished],
    ["pending-part", '  test:index:Part "part" waits for its outputs'],
    ["pending-invoke", "  one call waits for arguments or an answer"],
    ["pending-method", "  one call waits for arguments or an answer"],
  ])("%s: names what waits, and for what", async (stack, list) => {
    expect(errors(await run(stack))).toEqual([waited + list]);
  });

  test("process.exit is told with its place", async () => {
    expect(errors(await run("exit"))).toEqual([
      expect.stringMatching(
        /^the program called process\.exit\(0\) at .*errors\/index\.ts:\d+:\d+ before it had finished:\n {2}test:index:Thing "first" waits for /,
      ),
    ]);
  });

  test("what keeps the process alive is named after the timeout", async () => {
    expect(errors(await run("keeps-running", 5000))).toEqual([
      "the program still ran after 5 s\n  kept alive by: Timeout\n" +
        "  fix:      close what keeps the process alive, or allow more time with --timeout SECONDS",
    ]);
  });

  test("a loop that never yields is ended from outside", async () => {
    expect(errors(await run("busy", 1500))).toEqual([
      "the program still ran after 1.5 s, busy in synchronous code\n" +
        "  fix:      end the loop that it is in, or allow more time with --timeout SECONDS",
    ]);
  });

  test("running out of memory names the limit and how to raise it", async () => {
    expect(errors(await run("out-of-memory"))).toEqual([
      expect.stringMatching(
        /^out of memory: the program needs more than the \d+ MB that Node allows it\n {2}fix: {6}runtime\.options\.nodeargs in Pulumi\.yaml: --max-old-space-size=\d+$/,
      ),
    ]);
  });
});

describe("a program that cannot be loaded", () => {
  test("a syntax error", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": plainProject,
      "index.ts": "const = 1;",
      "package.json": '{"type":"module"}',
    });
    const [error] = errors(await preview({ project: folder, stack: "dev" }));
    expect(error).toContain("SyntaxError");
    expect(error).toContain("index.ts");
  });

  test("a type error, in a project that the SDK compiles", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": "name: small\nruntime: nodejs\n",
      "package.json": '{"main":"index.ts"}',
      "tsconfig.json": '{"compilerOptions":{"strict":true,"module":"nodenext","moduleResolution":"nodenext"}}',
      "index.ts": 'export const replicas: number = "three";\n',
    });
    const [error] = errors(await preview({ project: folder, stack: "dev" }));
    expect(error).toContain("Type 'string' is not assignable to type 'number'");
    expect(error).toContain("index.ts");
  });

  test("a missing entry point", async () => {
    const folder = temporaryProject({ "Pulumi.yaml": "name: small\nruntime: nodejs\n", "package.json": "{}" });
    const [error] = errors(await preview({ project: folder, stack: "dev" }));
    expect(error).toContain("We failed to locate the entry point for your program");
  });

  test("a missing module of the program", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": plainProject,
      "index.ts": 'import "../absent.ts";',
      "package.json": '{"type":"module"}',
    });
    const [error] = errors(await preview({ project: folder, stack: "dev" }));
    expect(error).toContain("Cannot find module");
    expect(error).toContain("absent.ts");
  });
});

test("a stack that fails does not keep the others from being shown", async () => {
  const { status, stdout, stderr } = await gatehouse(["preview", "throw", "native-print", "-C", project, "--json"]);
  const { stacks } = JSON.parse(stdout) as { stacks: StackGraph[] };
  expect(status).toBe(2);
  expect(stacks.map(({ stack }) => stack)).toEqual(["throw", "native-print"]);
  expect(stacks[1]?.resources.map(({ name }) => name)).toEqual(["default", "errors-native-print", "first"]);
  expect(stacks[1]?.diagnostics).toContainEqual({ severity: "warning", message: "written past the streams" });
  expect(stderr).toContain("error: throw: Error: thrown at the top level");
});
