import { childOptions, describe as called, InputError, ownName, protection } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";

class Shop extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Shop", name);
  }
}

beforeAll(() =>
  pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
  }),
);

test("a component is called by its name and its class", () => {
  expect(called("till", new Shop("till"))).toBe("till (Shop)");
});

describe("childOptions", () => {
  test("what the component depends on and its timeouts come before the child's own", () => {
    const [parent, before, own] = [new Shop("parent"), new Shop("before"), new Shop("own")];
    const opts = { dependsOn: [before], customTimeouts: { create: "20m" } };
    expect(childOptions(parent, opts, { dependsOn: own, protect: true })).toMatchObject({
      parent,
      dependsOn: [before, own],
      customTimeouts: { create: "20m" },
      protect: true,
    });
  });

  test("nothing but the parent where nothing was given", () => {
    const parent = new Shop("lonely");
    expect(childOptions(parent, undefined)).toEqual({ parent });
  });
});

test("deletion protection protects the resource", () => {
  expect(protection(true)).toEqual({ protect: true });
  expect(protection(false)).toEqual({});
});

describe("ownName", () => {
  test("a name that is asked for is kept, and one that follows from the component's is shortened", () => {
    expect(ownName("kubernetes:Service", "shop.name", "till", "shop")).toBe("till");
    expect(ownName("kubernetes:Service", "shop.name", undefined, "shop")).toBe("shop");
    expect(ownName("kubernetes:Service", "shop.name", undefined, "s".repeat(80))).toHaveLength(63);
  });

  test("a name that is asked for and that the service refuses", () => {
    expect(() => ownName("kubernetes:Service", "shop.serviceName", "Till!", "shop")).toThrow(InputError);
    expect(() => ownName("kubernetes:Service", "shop.serviceName", "Till!", "shop")).toThrow(/^shop\.serviceName: /);
  });
});
