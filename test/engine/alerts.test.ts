import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordStack } from "../stacks/support/record.ts";
import type { AlertCase } from "./alerts/alertCase.ts";
import { airlock } from "./alerts/airlock.ts";
import { atb } from "./alerts/atb.ts";
import { identity, names } from "./alerts/identity.ts";
import { proveMatchers } from "./alerts/matchers.ts";
import { Rules } from "./alerts/promtool.ts";
import { cloudRuleGroups, otherConditions, ruleGroups } from "./alerts/renderedRules.ts";
import { shield } from "./alerts/shield.ts";
import { productionStacks, stackObjects } from "./proofs/objects.ts";

/** By stack: production, whose alerts are all there are. */
const prometheus: Record<string, Record<string, AlertCase>> = {
  "shield-prod": shield,
  "atb-prod": atb,
  "airlock-prod": airlock,
};

const objects = await stackObjects();
const cloud = await recordStack("identity-prod");

const stacks = [
  ...Object.entries(prometheus).map(([stack, cases]) => ({
    stack,
    cases,
    groups: objects.filter((one) => one.stack === stack).flatMap(ruleGroups),
  })),
  { stack: "identity-prod", cases: identity, groups: cloudRuleGroups(cloud) },
];

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gatehouse-alerts-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

it("every production stack's alerts are tested", () => {
  expect(stacks.map(({ stack }) => stack).sort()).toEqual(productionStacks);
});

describe.each(stacks)("alerts of $stack", ({ stack, cases, groups }) => {
  let rules: Rules;

  beforeAll(() => {
    rules = new Rules(mkdtempSync(join(directory, `${stack}-`)), groups);
  });

  it("each rule has series that fire it, and series that do not", () => {
    const all = groups.flatMap((group) => group.rules.map(({ alert, record }) => alert ?? record));
    expect(Object.keys(cases).sort()).toEqual(all.sort());
    const bare = Object.entries(cases).filter(
      ([, { fires, quiet }]) => Object.keys(fires).length === 0 || Object.keys(quiet).length === 0,
    );
    expect(bare).toEqual([]);
  });

  it("Prometheus takes the rules", async () => {
    expect(await rules.check()).toEqual([]);
  });

  it.each(Object.entries(cases))("%s fires when it should, says so in full, and only then", async (alert, one) => {
    expect(await rules.test(alert, one)).toEqual([]);
  });
});

it.each(objects)("$stack: its rules match by what it has", (stack) => {
  expect(proveMatchers(stack)).toEqual([]);
});

describe("alert policies of identity-prod", () => {
  it("all but the uptime check's are PromQL", () => {
    expect(otherConditions(cloud)).toEqual({ "/healthz does not answer": ["conditionThreshold"] });
  });

  it("the series are those of its resources", () => {
    const of = (type: string) => cloud.graph.resources.find((resource) => resource.type === type)?.inputs;
    expect(of("gcp:cloudrunv2/service:Service")).toMatchObject({ name: names.service, project: names.project });
    expect(of("gcp:redis/instance:Instance")).toMatchObject({ name: names.redis });
  });
});
