import { canonicalText } from "./wire.ts";
import type { WireObject } from "./wire.ts";

/** Answers that a cloud would give, from the file of `--fixtures`. */
export interface Fixtures {
  /** By token: the result, or a list of results for given arguments. */
  invokes?: Record<string, WireObject | InvokeFixture[]>;
  /** By resource ("type::name", or a URN): outputs that the provider computes, and `id`. */
  resources?: Record<string, WireObject>;
  /** By what is read ("type::id"): its state. */
  reads?: Record<string, WireObject>;
  /** Outputs of other stacks, by the name in the StackReference or its last part. */
  stacks?: Record<string, WireObject>;
}

export interface InvokeFixture {
  /** The arguments that the result is for: those given here must be equal, others may be anything. */
  args?: WireObject;
  result: WireObject;
}

/** The answer to an invoke, or `undefined` without a fixture. */
export function invokeFixture(fixtures: Fixtures, token: string, args: WireObject): WireObject | undefined {
  const fixture = fixtures.invokes?.[token];
  if (!Array.isArray(fixture)) return fixture;
  return fixture.find(({ args: wanted = {} }) =>
    Object.keys(wanted).every((key) => canonicalText(wanted[key]) === canonicalText(args[key])),
  )?.result;
}
