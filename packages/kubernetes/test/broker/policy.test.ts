import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Broker, type BrokerArgs, type PolicyArgs } from "@gatehouse/kubernetes";
import { afterAll, describe, expect, test, vi } from "vitest";
import { readRego } from "../../src/broker/regoModule.ts";
import { lines, workload } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const source = `package shop.checkout

import data.shop.prices

default allow := false

allow if {
	input.user == "admin" # a comment with a { brace
	prices["a \\"quoted\\" }"] > \`raw { string\`
}

decision := {"allow": allow, "reasons": reasons}

reasons contains "closed" if not open

is_open(hour) := hour > 8 if {
	hour < 20
} else := false
`;

const policy: PolicyArgs = { files: { "checkout.rego": source }, entryPoint: "shop/checkout/decision" };
const broker: BrokerArgs = { ...workload, policy };

// None of these tests depends on whether this machine has OPA.
const none = mkdtempSync(join(tmpdir(), "gatehouse-no-opa-"));
vi.stubEnv("PATH", none);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(none, { recursive: true });
});

const refusalOf = (args: Partial<PolicyArgs>) =>
  refusal(() => new Broker("shop", { ...broker, policy: { ...policy, ...args } }));

describe("the outline of a Rego file", () => {
  test("its package and the names of its rules, each once", () => {
    expect(readRego(source)).toEqual({
      package: "shop.checkout",
      rules: ["allow", "decision", "reasons", "is_open"],
      faults: [],
    });
  });

  test("comments before the package, rules in a row, a rule with dots", () => {
    const module = readRego("# METADATA\n# title: x\npackage a\n\np.q.r := 1\ns := 2 # package b\n");
    expect(module).toEqual({ package: "a", rules: ["p.q.r", "s"], faults: [] });
  });

  test("what stands in brackets is no rule", () => {
    expect(readRego('package a\n\np := {\nq,\n"r": [\ns]}\n').rules).toEqual(["p"]);
  });

  test.each([
    ["p if {\n  q[1]\n", "the bracket is not closed", "{ in line 2, column 6", "}"],
    ["p := [1, 2}", "the bracket closes another kind", "} in line 2, column 11", "] for [ in line 2, column 6"],
    ["p := 1)", "no bracket is open here", ") in line 2, column 7", "an opening one before it"],
    ['p := "open', "the string is not closed", '"open in line 2, column 6', '"'],
    ['p := "escaped \\"', "the string is not closed", '"escaped \\" in line 2, column 6', '"'],
    ["p := `open\nq := 1", "the string is not closed", "`open in line 2, column 6", "`"],
  ])("%j is broken", (rule, message, at, expected) => {
    expect(readRego(`package a\n${rule}`).faults).toEqual([{ message, at, expected }]);
  });

  test("an escaped backslash before the quote closes the string", () => {
    expect(readRego('package a\np := "c:\\\\"\nq := `\\`').faults).toEqual([]);
  });
});

describe("refused", () => {
  test("an entry point that the policy does not define, with the nearest that it does", async () => {
    expect(await refusalOf({ entryPoint: "shop/checkout/descision" })).toBe(
      lines(
        "shop (Broker).policy.entryPoint: the policy does not define this rule, so every request would be denied",
        "  value:    shop/checkout/descision",
        "  expected: one of shop/checkout/allow, shop/checkout/decision, shop/checkout/reasons, shop/checkout/is_open",
        '  fix:      did you mean "shop/checkout/decision"?',
      ),
    );
  });

  test("the right rule in another package", async () => {
    expect(await refusalOf({ entryPoint: "checkout/decision" })).toContain("  value:    checkout/decision\n");
  });

  test("a file that is broken, with the place", async () => {
    expect(await refusalOf({ files: { "checkout.rego": source.replace("if {", "if") } })).toBe(
      lines(
        "shop (Broker).policy.files.checkout.rego: no bracket is open here",
        "  value:    } in line 10, column 1",
        "  expected: an opening one before it",
      ),
    );
  });

  test("a file without a package", async () => {
    expect(await refusalOf({ files: { "checkout.rego": "decision := true\n" } })).toBe(
      lines("shop (Broker).policy.files.checkout.rego: the file has no package", "  expected: package <path> first"),
    );
  });

  test("no file, and files that are none of the policy", async () => {
    expect(await refusalOf({ files: {} })).toContain("the policy has no files");
    expect(await refusalOf({ files: { "checkout.rego": source, "checkout_test.rego": source } })).toBe(
      lines(
        "shop (Broker).policy.files: not a file of the policy",
        "  value:    checkout_test.rego",
        "  expected: a name of letters, digits, dots, dashes and underscores that ends in .rego and not in _test.rego",
      ),
    );
  });

  test("rules of OPA's own API, which would add to what the component's allow", async () => {
    const engine = { image: "opa:1.4.2" };
    const rules = { "mine.rego": "package system.authz\n\nallow := true\n" };
    expect(await refusalOf({ engine, files: { "checkout.rego": source, ...rules } })).toBe(
      lines(
        "shop (Broker).policy.files.mine.rego: the package is reserved for rules of OPA's own API, which the component writes",
        "  value:    package system.authz",
        '  expected: a package outside "system", in a file other than system-authz.rego',
      ),
    );
    const taken = { "system-authz.rego": "package shop.other\n\nallow := true\n" };
    expect(await refusalOf({ engine, files: { "checkout.rego": source, ...taken } })).toContain(
      "the package is reserved",
    );
  });

  test("what the compiler refuses, in its own words", async () => {
    const opaCommand = join(none, "opa-stand-in");
    writeFileSync(opaCommand, '#!/bin/sh\necho "$@: rego_type_error" >&2\nexit 1\n');
    chmodSync(opaCommand, 0o755);
    expect(await refusalOf({ opaCommand })).toBe(
      lines(
        "shop (Broker).policy.files: the policy does not compile",
        "  value:    check --strict checkout.rego: rego_type_error",
        "  expected: files that opa check --strict accepts",
      ),
    );
  });

  test("a compiler that is not there, if one was named", async () => {
    expect(await refusalOf({ opaCommand: "/nowhere/opa" })).toBe(
      lines(
        "shop (Broker).policy.opaCommand: the command cannot be run",
        "  value:    /nowhere/opa",
        "  expected: the opa command",
        "  fix:      leave it out to use the one on the PATH, if there is one",
      ),
    );
  });
});

test("without a compiler on the PATH the form alone is checked", async () => {
  await record(() => new Broker("shop", broker));
});
