import { fileURLToPath } from "node:url";
import type { StackConfig } from "@gatehouse/core/config";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { findProject, readStackConfig, stackNames } from "../../packages/preview/src/project/project.ts";
import { config as airlock } from "../../stacks/airlock/config.ts";
import { config as atb } from "../../stacks/atb/config.ts";
import { config as identity } from "../../stacks/identity/config.ts";
import { config as shield } from "../../stacks/shield/config.ts";

const products: Record<string, Pick<StackConfig<unknown>, "explain">> = { airlock, atb, identity, shield };
const project = findProject(fileURLToPath(new URL("../..", import.meta.url)));

test.each(stackNames(project))("%s: exactly the keys of its file come from the file", (stack) => {
  const product = stack.split("-")[0] ?? "";
  const { values, secretKeys } = readStackConfig(project, stack, {});
  // Checks of a product read its provider's config as the program has it.
  pulumi.runtime.setAllConfig(values, secretKeys);
  const entries = products[product]?.explain(values, { stack, secretKeys }) ?? [];
  const topLevel = (key: string): string => /^[^.[]+/.exec(key)?.[0] ?? key;
  const fromFile = entries.filter(({ origin }) => origin === "stack").map(({ key }) => topLevel(key));
  const given = Object.keys(values).filter((key) => key.startsWith(`${product}:`));
  expect([...new Set(fromFile)].sort()).toEqual(given);
  expect(entries.filter(({ origin }) => origin === "layer")).toEqual([]);
  expect(entries.filter(({ secret }) => secret).map(({ key }) => topLevel(key))).toEqual(secretKeys);
});
