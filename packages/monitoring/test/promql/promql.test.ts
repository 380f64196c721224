import { describe, expect, test } from "vitest";
import { parse } from "../../src/promql/parse.ts";
import { problemsOf } from "../fixtures.ts";

function syntaxOf(text: string): string {
  const result = parse(text);
  if ("kind" in result) return "good";
  const { at, message, expected, fix } = result;
  return [`${at.from}-${at.to}`, message, expected, fix].filter((part) => part !== undefined).join(" | ");
}

describe("syntax errors say where and what was expected", () => {
  test.each([
    ["sum(rate(a[5m])", '15-15 | the expression ends too early | ")"'],
    ["sum(rate(a[5m]))) > 1", "16-17 | unexpected )"],
    ["rte(a[5m])", "0-3 | there is no function rte | did you mean rate?"],
    ["zzzzzzzzz(a)", "0-9 | there is no function zzzzzzzzz"],
    ["a{b=}", "4-5 | unexpected } | a text in quotes"],
    ["a{b='c' d='e'}", '8-9 | unexpected d | ","'],
    ["a{status=~5..}", "10-13 | unexpected 5.. | a text in quotes"],
    ['a{b="c} > 1', '4-11 | the text in quotes has no end | " at its end'],
    ["rate(a[5x])", "8-9 | unexpected x | a duration such as 5m in brackets"],
    ["rate(a[])", "7-8 | unexpected ] | a duration such as 5m"],
    ["a[5m", '4-4 | the expression ends too early | "]"'],
    ["a +", "3-3 | the expression ends too early | an expression"],
    ["", "0-0 | the expression ends too early | an expression"],
    ["a b", "2-3 | unexpected b | an operator"],
    ["sum(a) by b", '10-11 | unexpected b | "("'],
    ["up = 0", "3-4 | unexpected = | compare values with ==; = compares labels within {}"],
    ["a offset", "8-8 | the expression ends too early | a duration such as 5m"],
    ["histogram_quantile(0.95 sum(x))", '24-27 | unexpected sum | an operator or ","'],
    [
      "sum(a)[5m]",
      "0-10 | a range such as [5m] follows a metric, not an expression | take the range of the metric itself, or a subquery [5m:] of the expression",
    ],
    [
      "limitk(1, a)",
      "0-6 | the aggregation limitk needs an experimental feature of Prometheus | what every Prometheus 3 evaluates without feature flags",
    ],
    [
      "mad_over_time(a[5m])",
      "0-13 | the function mad_over_time needs an experimental feature of Prometheus | what every Prometheus 3 evaluates without feature flags",
    ],
    [
      "rate(a[1m * 5])",
      "7-13 | a range that is computed needs an experimental feature of Prometheus | what every Prometheus 3 evaluates without feature flags",
    ],
    [
      "a </ 5",
      "2-4 | the operator </ needs an experimental feature of Prometheus | what every Prometheus 3 evaluates without feature flags",
    ],
  ])("%s", (text, problem) => {
    expect(syntaxOf(text)).toBe(problem);
  });

  test("the problem shows the line of the expression with carets under the place", () => {
    expect(problemsOf("sum(rate(shop_orders_total[5m]))\n  > > 5")).toEqual([
      ["PromQL syntax error: unexpected >", "  value:    > > 5", "              ^", "  expected: an expression"].join(
        "\n",
      ),
    ]);
    expect(problemsOf("sum(rate(shop_orders_total[5m]) > 5")).toEqual([
      [
        "PromQL syntax error: the expression ends too early",
        "  value:    sum(rate(shop_orders_total[5m]) > 5",
        "                                               ^",
        '  expected: ")"',
      ].join("\n"),
    ]);
  });
});

describe("what Prometheus evaluates is read", () => {
  test.each([
    ["sum without (pod) (a) > bool 1"],
    ["a{b!='c', d=~`e|f`, g!~\"h\"} offset -5m"],
    ["rate(a[5m] offset 1h) @ end()"],
    ['{__name__="a", "quoted label"="x"}'],
    ['{"a"}'],
    ["a * on (b) group_left (c) d"],
    ["topk(3, a) or quantile(0.5, a) or count_values('v', a)"],
    ["max_over_time(rate(a[5m])[1h:5m])"],
    ["-a ^ 2 % 3 atan2 1e3 + 0x1F - +Inf * 1h30m"],
    ["# a comment\nlabel_join(a, 'b', ',', 'c', 'd', 'e')"],
    ["SUM(a) BY (b)"],
    ["a # half\n  + # plus\n  b"],
  ])("%s", (text) => {
    expect(syntaxOf(text)).toBe("good");
  });

  test("numbers, durations and escapes have their values", () => {
    expect(parse("0x1F")).toMatchObject({ kind: "number", value: 31 });
    expect(parse("1_000.5")).toMatchObject({ kind: "number", value: 1000.5 });
    expect(parse("-Inf")).toMatchObject({ kind: "number", value: -Infinity });
    expect(parse("1h30m")).toMatchObject({ kind: "number", value: 5400 });
    expect(parse("1e3")).toMatchObject({ kind: "number", value: 1000 });
    expect(parse("NaN")).toMatchObject({ kind: "number", value: NaN });
    expect(parse('"a\\"b\\n"')).toMatchObject({ kind: "text", value: 'a"b\n' });
    expect(parse("`a\\n`")).toMatchObject({ kind: "text", value: "a\\n" });
    expect(parse("a[300]")).toMatchObject({ kind: "range", window: 300_000 });
    expect(parse("a[1h30m]")).toMatchObject({ kind: "range", window: 5_400_000 });
  });

  test("precedence and matching", () => {
    expect(parse("a > 1 or b / on (x) c unless d")).toMatchObject({
      operator: "or",
      left: { operator: ">" },
      right: {
        operator: "unless",
        left: { operator: "/", matching: { on: true, labels: [{ text: "x" }], include: [] } },
      },
    });
  });
});

describe("type errors", () => {
  test.each([
    ["rate(shop_orders_total) > 1", "rate takes a range such as x[5m], not an instant vector", "add a window: [5m]"],
    [
      "rate(sum(shop_orders_total)) > 1",
      "rate takes a range such as x[5m], not an instant vector",
      "take the function of the metric itself, and aggregate its result",
    ],
    ["sum(shop_carts[5m])", "sum takes an instant vector, not a range such as x[5m]", undefined],
    ["shop_carts[5m]", "the expression is a range such as x[5m]", undefined],
    ["'text'", "the expression is a text", undefined],
    [
      "shop_carts[5m] > 1",
      "> takes numbers and instant vectors, not a range such as x[5m]",
      "take rate(...) or another function of the range",
    ],
    ["histogram_quantile(shop_carts, 0.95)", "histogram_quantile takes a number, not an instant vector", undefined],
    ["clamp_min(shop_carts)", "clamp_min has 1 argument", undefined],
    ["time(1)", "time has 1 argument", undefined],
    ["topk(shop_carts)", "topk has 1 argument", undefined],
    ["1 > 2", "a comparison of two numbers needs bool", "write > bool"],
    ["shop_carts and 1", "and stands between two vectors, not numbers", "write vector(...)"],
    ["shop_carts + bool 1", "bool follows a comparison only", undefined],
    ["shop_carts > on (pod) 1", "on and ignoring stand between two vectors, not numbers", undefined],
    ["shop_carts and on (pod) group_left shop_capacity", "and takes no group_left", undefined],
    ["-'a'", "- takes numbers and instant vectors, not a text", undefined],
    ["max_over_time(5[1h:])", "a subquery takes an instant vector, not a number", undefined],
  ])("%s", (expr, message, fix) => {
    const [problem] = problemsOf(expr);
    expect(problem?.split("\n")[0]).toBe(`PromQL type error: ${message}`);
    expect(/fix: {6}(.*)/.exec(problem ?? "")?.[1]).toBe(fix);
  });
});
