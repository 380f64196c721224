import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Mask } from "../../src/record/mask.ts";
import { gatehouse, program, temporaryFolder } from "../support.ts";
import { writeFileSync } from "node:fs";

const password = 'pass"word/with=signs';
const texts = [
  password,
  JSON.stringify(password).slice(1, -1),
  encodeURIComponent(password),
  Buffer.from(password).toString("base64"),
  "made-in-program",
  "MIIEvQIBADANBgkq",
  "hkiG9w0BAQEFAASC",
  "only-in-secret-data",
  "the-hmac-key",
];

function configFile(): string {
  const file = join(temporaryFolder(), "config.yaml");
  writeFileSync(file, JSON.stringify({ password: { secret: password } }));
  return file;
}

describe("no secret leaves the command", () => {
  test.each([["--json"], ["--yaml"], ["tree"]])("%s", async (mode) => {
    const folder = join(temporaryFolder(), "manifests");
    const output = mode === "--json" ? ["--json"] : mode === "--yaml" ? ["--yaml", folder] : [];
    const { status, stdout, stderr } = await gatehouse(
      ["preview", "works", "fails", "-C", program("secrets"), "--config-file", configFile(), ...output],
      { environment: { GATEHOUSE_SECRET_KEY: "the-hmac-key" } },
    );
    const files = mode === "--yaml" ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
    const written = files
      .filter((file) => file.isFile())
      .map((file) => readFileSync(join(file.parentPath, file.name), "utf8"));
    const everything = [stdout, stderr, ...written].join("\n");
    expect(status).toBe(2);
    expect(texts.filter((text) => everything.includes(text))).toEqual([]);
    expect(stderr).toContain("error: fails: Error: failed with [secret] and [secret]");
    expect(stdout).toContain("past the streams [secret]");
    expect(stdout).toContain("in an apply [secret]");
    if (mode === "--yaml") expect(written).toHaveLength(4);
  });
});

describe("Mask", () => {
  test("the longer of two secrets first, in every encoding, and none that is too short", () => {
    const mask = new Mask();
    for (const secret of ["abc", "abcdef", "a+b c", "no"]) mask.add(secret);
    expect(mask.apply("abcdef abc a%2Bb%20c YWJjZGVm a+b c no")).toBe(
      "[secret] [secret] [secret] [secret] [secret] no",
    );
  });

  test("a text that looks like a pattern is taken as it is", () => {
    const mask = new Mask();
    mask.add("a.c(");
    expect(mask.apply("abc( a.c(")).toBe("abc( [secret]");
  });
});
