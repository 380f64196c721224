import { checkSqlName } from "@gatehouse/core";
import { expect, test } from "vitest";

test.each(["orders", "_orders", "orders_2", "o".repeat(63)])("%s is the name of a user", (name) => {
  expect(checkSqlName("db.userName", "not the name of a user", name)).toEqual([]);
});

test.each(["", "Orders", "2orders", "orders-app", "o".repeat(64)])("%o is not", (name) => {
  expect(checkSqlName("db.userName", "not the name of a user", name)).toEqual([
    {
      subject: "db.userName",
      message: "not the name of a user",
      value: name,
      expected: "at most 63 lower-case letters, digits and underscores, not beginning with a digit",
    },
  ]);
});
