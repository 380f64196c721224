import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type ArgsSchema, checkedArgs, InputError, type Problem } from "@gatehouse/core";
import { promiseOf, rejectionOf } from "../support/outputs.ts";

const schema: ArgsSchema = {
  DoorArgs: {
    type: "object",
    properties: {
      namespace: { type: "string", input: true },
      width: { type: "number" },
      locked: { type: "boolean" },
      side: { type: "string", enum: ["left", "right"] },
      hinges: { type: "array", items: { $ref: "HingeArgs" } },
      labels: { type: "object", additionalProperties: { type: "string", input: true } },
      owner: {},
    },
    required: ["namespace", "hinges"],
  },
  HingeArgs: { type: "object", properties: { screws: { type: "number", input: true } }, required: ["screws"] },
};

function check(args: unknown): unknown {
  return checkedArgs(schema, "DoorArgs", "front (Door)", args as object);
}

function problems(args: unknown): Problem[] {
  try {
    check(args);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

const good = { namespace: "house", hinges: [{ screws: 3 }] };

describe("good arguments", () => {
  test("come back as they are", () => {
    const all = { ...good, width: 90, locked: true, side: "left", labels: { a: "b" }, owner: { anything: [1] } };
    expect(check(all)).toEqual(all);
  });

  test("an optional argument may be undefined", () => {
    expect(problems({ ...good, width: undefined })).toEqual([]);
  });
});

describe("every problem is reported, and at once", () => {
  test("no arguments at all", () => {
    expect(problems(undefined)).toEqual([
      {
        subject: "front (Door)",
        message: "the argument is missing",
        expected: "an object with namespace and hinges",
      },
    ]);
  });

  test("missing, unknown, of the wrong type, not allowed", () => {
    expect(
      problems({ namespace: 3, widht: 90, colour: "red", locked: "yes", side: "lefft", labels: { a: null } }).map(
        ({ subject, message, value, expected, fix }) => [subject, message, value, expected, fix],
      ),
    ).toEqual([
      [
        "front (Door).hinges",
        "the argument is missing",
        undefined,
        "a list, of which each element is an object with screws",
        undefined,
      ],
      ["front (Door).namespace", "the argument has the wrong type", "3", "a string", undefined],
      [
        "front (Door).widht",
        "there is no such argument",
        undefined,
        "width, which is the nearest known argument",
        "rename it to width",
      ],
      [
        "front (Door).colour",
        "there is no such argument",
        undefined,
        "namespace, width, locked, side, hinges, labels or owner",
        "remove it",
      ],
      ["front (Door).locked", "the argument has the wrong type", "a string", "a boolean", undefined],
      ["front (Door).side", "the value is not one of those allowed", "lefft", "left or right", 'did you mean "left"?'],
      ["front (Door).labels.a", "the argument is missing", "null", "a string", undefined],
    ]);
  });

  test.each<[string, unknown, string, string]>([
    ["a hole in a list", { ...good, hinges: [undefined] }, "front (Door).hinges[0]", "the list has a hole"],
    ["null in a list", { ...good, hinges: [null] }, "front (Door).hinges[0]", "the list has a hole"],
    ["an object for a list", { ...good, hinges: {} }, "front (Door).hinges", "the argument has the wrong type"],
    ["a list for an object", { ...good, labels: [] }, "front (Door).labels", "the argument has the wrong type"],
    ["NaN", { ...good, width: NaN }, "front (Door).width", "the argument has the wrong type"],
    ["a nested one", { ...good, hinges: [{ screw: 2 }] }, "front (Door).hinges[0].screws", "the argument is missing"],
    ["a name of Object's", { ...good, toString: 1 }, "front (Door).toString", "there is no such argument"],
    [
      "an Output where a plain value is needed",
      { ...good, width: pulumi.output(3) },
      "front (Door).width",
      "the argument must be known before anything is deployed",
    ],
  ])("%s", (_, args, subject, message) => {
    expect(problems(args)[0]).toMatchObject({ subject, message });
  });

  test("a text is not shown, as it may be a secret in the wrong place", () => {
    expect(JSON.stringify(problems({ ...good, hinges: "hunter2", labels: "hunter2", width: "hunter2" }))).not.toContain(
      "hunter2",
    );
  });
});

describe("Outputs and promises", () => {
  const namespace = (value: unknown): pulumi.Output<unknown> =>
    (check({ ...good, namespace: value }) as { namespace: pulumi.Output<unknown> }).namespace;

  test("pass when they resolve to the right type", async () => {
    expect(await promiseOf(namespace(pulumi.output("house")))).toBe("house");
    expect(await promiseOf(namespace(Promise.resolve("house")))).toBe("house");
  });

  test("are refused as they resolve to the wrong type, or to nothing", async () => {
    expect(await rejectionOf(() => namespace(pulumi.output(3)))).toBe(
      "front (Door).namespace: the argument has the wrong type\n  value:    3\n  expected: a string",
    );
    expect(await rejectionOf(() => namespace(pulumi.output(undefined)))).toBe(
      "front (Door).namespace: the argument is missing\n  expected: a string",
    );
  });

  test("a secret is not shown", async () => {
    expect(await rejectionOf(() => namespace(pulumi.secret(12345)))).toBe(
      "front (Door).namespace: the argument has the wrong type\n  value:    [secret]\n  expected: a string",
    );
  });

  test("one that is not known yet passes, and stays secret", async () => {
    const checked = namespace(pulumi.secret(pulumi.unknown));
    await expect((checked as unknown as { isKnown: Promise<boolean> }).isKnown).resolves.toBe(false);
    await expect(pulumi.isSecret(checked)).resolves.toBe(true);
  });
});
