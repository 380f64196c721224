import * as pulumi from "@pulumi/pulumi";
import { checkedInput, formatProblem, InputError, nearest, refuseSecret, throwIfAny } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import { expect, test } from "vitest";
import { promiseOf, rejectionOf } from "../support/outputs.ts";

const unpinned: Problem = {
  subject: "shield:image",
  message: "the image is not pinned",
  value: "gcr.io/materi/shield:latest",
  expected: 'a tag other than "latest", or a digest',
  fix: "pulumi config set shield:image gcr.io/materi/shield:2.1.0",
};
const tooMany: Problem = { subject: "shield.replicas", message: "too many" };

const unknown = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<string>;
const unknownSecret = pulumi.secret(pulumi.unknown) as unknown as pulumi.Output<string>;

test("a problem prints its value, what was expected and the fix below its message", () => {
  expect(formatProblem(unpinned)).toBe(
    [
      "shield:image: the image is not pinned",
      "  value:    gcr.io/materi/shield:latest",
      '  expected: a tag other than "latest", or a digest',
      "  fix:      pulumi config set shield:image gcr.io/materi/shield:2.1.0",
    ].join("\n"),
  );
});

test("what is not known of a problem takes no line, and further lines stand below the first", () => {
  expect(formatProblem({ subject: "a", message: "b", fix: "one\ntwo" })).toBe("a: b\n  fix:      one\n            two");
  expect(formatProblem(tooMany)).toBe("shield.replicas: too many");
});

test("an error of one problem is the problem; of several it counts them", () => {
  expect(new InputError(unpinned).message).toBe(formatProblem(unpinned));
  expect(new InputError([unpinned], "the config of shield-prod").message).toBe(
    `1 problem in the config of shield-prod\n\n${formatProblem(unpinned)}`,
  );
  expect(new InputError([unpinned, tooMany], "the config of shield-prod").message).toBe(
    `2 problems in the config of shield-prod\n\n${formatProblem(unpinned)}\n\n${formatProblem(tooMany)}`,
  );
  expect(new InputError([unpinned, tooMany]).message.split("\n")[0]).toBe("2 problems");
  expect(new InputError([unpinned, tooMany]).problems).toEqual([unpinned, tooMany]);
});

test("the program runner takes it for an error to print without a stack trace", () => {
  expect(pulumi.RunError.isInstance(new InputError(tooMany))).toBe(true);
});

test("no problem is no error", () => {
  expect(() => {
    throwIfAny([]);
  }).not.toThrow();
  expect(() => {
    throwIfAny([tooMany]);
  }).toThrow(InputError);
});

test.each([
  ["imgae", "image"],
  ["img", "image"],
  ["Image", "image"],
  ["replica", "replicas"],
  ["tsl", undefined],
  ["zzzzz", undefined],
  ["", undefined],
  ["x", undefined],
])("what %j was meant to be", (given, meant) => {
  expect(nearest(given, ["host", "image", "replicas", "y"])).toBe(meant);
});

test("of equally near words the first is meant", () => {
  expect(nearest("bat", ["cat", "hat"])).toBe("cat");
  expect(nearest("hat", ["cat", "hat"])).toBe("hat");
});

const positive = (value: number): Problem[] =>
  value > 0 ? [] : [{ subject: "replicas", message: "not positive", value: String(value) }];

test("a plain value is checked at once and handed back", () => {
  expect(checkedInput(3, positive)).toBe(3);
  expect(() => checkedInput(0, positive)).toThrow("replicas: not positive\n  value:    0");
});

test("an Output is checked as it resolves, before what depends on it runs", async () => {
  await expect(promiseOf(pulumi.output(checkedInput(pulumi.output(3), positive)))).resolves.toBe(3);
  let ran = false;
  const dependent = (): pulumi.Output<boolean> =>
    pulumi.output(checkedInput(pulumi.output(0), positive)).apply(() => (ran = true));
  expect(await rejectionOf(dependent)).toBe("replicas: not positive\n  value:    0");
  expect(await rejectionOf(() => checkedInput(Promise.resolve(-1), positive))).toContain("value:    -1");
  expect(ran).toBe(false);
});

test("an unknown value passes a check that it would fail", async () => {
  const refuseAll = (): Problem[] => [tooMany];
  const checked = pulumi.output(checkedInput(unknown, refuseAll));
  await expect((checked as unknown as { isKnown: Promise<boolean> }).isKnown).resolves.toBe(false);
});

test("what is said about a secret does not show it", async () => {
  const check = (text: string): Problem[] => [
    { subject: "password", message: `"${text}" is too short`, value: text, fix: `try ${text}${text}` },
  ];
  expect(await rejectionOf(() => checkedInput(pulumi.secret("hunter2"), check))).toBe(
    'password: "[secret]" is too short\n  value:    [secret]\n  fix:      try [secret][secret]',
  );
});

test("a secret is refused, also one that is not known yet; other values pass", async () => {
  const secrets = [pulumi.secret("hunter2"), unknownSecret, { a: [pulumi.secret("x")] }];
  for (const value of secrets) {
    expect(await rejectionOf(() => refuseSecret<unknown>(value, tooMany))).toBe("shield.replicas: too many");
  }
  await expect(promiseOf(refuseSecret("plain", tooMany))).resolves.toBe("plain");
  await expect(promiseOf(refuseSecret(pulumi.output("plain"), tooMany))).resolves.toBe("plain");
  const passed = refuseSecret(unknown, tooMany) as unknown as { isKnown: Promise<boolean> };
  await expect(passed.isKnown).resolves.toBe(false);
});
