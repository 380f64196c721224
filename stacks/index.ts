import { InputError, nearest } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";

type Stack = () => Record<string, pulumi.Input<unknown>>;

/** The products, each loaded only for its own stacks. */
const products: Record<string, () => Promise<Stack>> = {
  airlock: async () => (await import("./airlock/stack.ts")).airlock,
  atb: async () => (await import("./atb/stack.ts")).atb,
  identity: async () => (await import("./identity/stack.ts")).identity,
  shield: async () => (await import("./shield/stack.ts")).shield,
};

/** Runs the product that the stack's name begins with. */
export default async function run(): Promise<Record<string, pulumi.Input<unknown>>> {
  const stack = pulumi.getStack();
  const product = stack.split("-")[0] ?? "";
  const load = products[product];
  if (!load) {
    const near = nearest(product, Object.keys(products));
    throw new InputError({
      subject: "stack",
      message: "no product has a stack of this name",
      value: stack,
      expected: `<product>-<environment>, with one of the products ${Object.keys(products).join(", ")}`,
      fix: near && `did you mean ${near}${stack.slice(product.length)}?`,
    });
  }
  return (await load())();
}
