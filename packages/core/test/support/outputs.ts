import { setImmediate } from "node:timers/promises";
import { InputError } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "vitest";

/** The SDK's types leave out what tests must see of an Output. */
export function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/**
 * The error with which an Output rejects. The SDK leaves some of an Output's promises to the process's handler of
 * unhandled rejections, where the program runner prints each error once: so it must be one and the same.
 */
export async function rejectionOf(make: () => pulumi.Input<unknown>): Promise<string> {
  const handlers = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const unhandled = new Set<unknown>();
  process.on("unhandledRejection", (reason) => unhandled.add(reason));
  try {
    const error: unknown = await promiseOf(pulumi.output(make())).then(
      () => expect.fail("it resolves"),
      (reason: unknown) => reason,
    );
    await setImmediate();
    expect(error).toBeInstanceOf(InputError);
    expect([...unhandled]).toEqual([error]);
    return (error as InputError).message;
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const handler of handlers) process.on("unhandledRejection", handler);
  }
}
