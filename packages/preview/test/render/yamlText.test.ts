import { expect, test } from "vitest";
import { parse } from "yaml";
import { yamlText } from "../../src/render/yamlText.ts";

const characters = {
  "next line": "\u0085",
  "line separator": "\u2028",
  "paragraph separator": "\u2029",
  "byte order mark": "\ufeff",
  delete: "\u007f",
  "a C1 control": "\u0090",
  "no character": "\uffff",
  bell: "\u0007",
  "carriage return": "\r",
  tab: "\t",
  backslash: "\\",
};

test.each(Object.entries(characters))("%s: anywhere in a text, and in a key", (_, character) => {
  const value = {
    alone: character,
    first: `${character}a`,
    last: `a${character}`,
    between: `a${character}b`,
    doubled: `\\${character}${character}"`,
    block: `line\n${character}line\n  ${character}line ${character}\n`,
    startOfBlock: `\n ${character}line\nline\n`,
    comment: `a${character}# b`,
    [`key${character}`]: 1,
  };
  for (const version of ["1.1", "1.2"] as const) expect(parse(yamlText(value), { version })).toEqual(value);
});

test("no character that a reader of YAML 1.1 takes for a line break, or refuses, is written as it is", () => {
  const text = yamlText(Object.values(characters).map((character) => `a${character}b`));
  expect(text).toBe(
    [
      String.raw`- "a\u0085b"`,
      String.raw`- "a\u2028b"`,
      String.raw`- "a\u2029b"`,
      String.raw`- "a\ufeffb"`,
      String.raw`- "a\u007fb"`,
      String.raw`- "a\u0090b"`,
      String.raw`- "a\uffffb"`,
      String.raw`- "a\ab"`,
      String.raw`- "a\rb"`,
      "- a\tb",
      "- a\\b",
      "",
    ].join("\n"),
  );
});

test("a text that begins with a tab is quoted: in a block, Go's reader takes the tab for indentation", () => {
  expect(yamlText({ script: "\techo a\n\techo b\n", list: "a:\n\tb\n" })).toBe(
    'script: "\\techo a\\n\\techo b\\n"\nlist: |\n  a:\n  \tb\n',
  );
});

test("texts that YAML 1.1 or 1.2 would read as something else are quoted", () => {
  const value = {
    a: "yes",
    b: "12:30",
    c: "0o17",
    d: "1e3",
    e: "null",
    f: "line\nline\n",
    g: "1_000",
    h: "0x1F",
    i: "~",
    on: "on",
  };
  for (const version of ["1.1", "1.2"] as const) expect(parse(yamlText(value), { version })).toEqual(value);
});
