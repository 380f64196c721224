import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "../src");

/** The folders from the ground up: each may import those before it. */
const layers = ["metrics", "promql", "checks", "alerts", "dashboards"];

test("a folder imports only the folders below it", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((path) => path.includes("/"));
  const imports = files
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) =>
      [...readFileSync(join(source, path), "utf8").matchAll(/ from "(\.[^"]+)";/g)].map(([, target = ""]) => ({
        path,
        from: path.split("/")[0] ?? "",
        to: relative(source, join(source, dirname(path), target)).split("/")[0] ?? "",
      })),
    );
  expect(new Set(imports.map(({ from }) => from))).toEqual(new Set(layers));
  const generated = "argsSchema.ts";
  const upward = imports.filter(
    ({ from, to }) => to !== generated && !layers.slice(0, layers.indexOf(from) + 1).includes(to),
  );
  expect(upward).toEqual([]);
});
