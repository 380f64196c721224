import { aggregations, functions } from "./functions.ts";
import type { Signature, ValueType } from "./functions.ts";
import { comparisons, places } from "./syntax.ts";
import type { Aggregation, Binary, Call, Expression, Span } from "./syntax.ts";

/** A part of an expression that Prometheus refuses because of its type. */
export interface TypeProblem {
  at: Span;
  message: string;
  expected?: string;
  fix?: string;
}

const wording: Record<ValueType, string> = {
  scalar: "a number",
  vector: "an instant vector",
  range: "a range such as x[5m]",
  text: "a text",
};

/** Type of an expression's result. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case "number":
      return "scalar";
    case "text":
      return "text";
    case "range":
    case "subquery":
      return "range";
    case "call":
      return functions.get(expression.name)?.gives ?? "vector";
    case "unary":
      return isScalar(expression.operand) ? "scalar" : "vector";
    case "binary":
      return isScalar(expression.left) && isScalar(expression.right) ? "scalar" : "vector";
    default:
      return "vector";
  }
}

/** Every part that Prometheus would refuse to evaluate. */
export function checkTypes(expression: Expression): TypeProblem[] {
  const whole = typeOf(expression);
  const result: TypeProblem[] =
    whole === "range" || whole === "text"
      ? [{ at: expression, message: `the expression is ${wording[whole]}`, expected: "an instant vector or a number" }]
      : [];
  const inside = places(expression).flatMap(({ node }) => {
    switch (node.kind) {
      case "call":
        return checkCall(node);
      case "aggregation":
        return checkAggregation(node);
      case "binary":
        return checkBinary(node);
      case "subquery":
        return expect(node.expression, "vector", "a subquery");
      case "unary":
        return checkOperand(node.operand, node.operator);
      default:
        return [];
    }
  });
  return [...result, ...inside];
}

function checkCall(call: Call): TypeProblem[] {
  const signature = functions.get(call.name);
  return signature ? checkArguments(call, call.name, call.args, signature) : [];
}

function checkAggregation(aggregation: Aggregation): TypeProblem[] {
  const parameter = aggregations.get(aggregation.operator);
  const takes: ValueType[] = parameter === undefined ? ["vector"] : [parameter, "vector"];
  const signature: Signature = { takes, optional: 0, repeats: false, gives: "vector" };
  return checkArguments(aggregation, aggregation.operator, aggregation.args, signature);
}

function checkArguments(at: Span, name: string, args: Expression[], signature: Signature): TypeProblem[] {
  const { takes, optional, repeats } = signature;
  const fewest = takes.length - optional;
  if (args.length < fewest || (args.length > takes.length && !repeats)) {
    const list = takes.map((type) => wording[type]).join(", ");
    const count = `${args.length} argument${args.length === 1 ? "" : "s"}`;
    return [{ at, message: `${name} has ${count}`, expected: `${name}(${list})` }];
  }
  return args.flatMap((arg, index) => expect(arg, takes[Math.min(index, takes.length - 1)] ?? "vector", name));
}

function expect(expression: Expression, type: ValueType, by: string): TypeProblem[] {
  const given = typeOf(expression);
  if (given === type) return [];
  const fix =
    type === "range" && given === "vector"
      ? expression.kind === "selector"
        ? "add a window: [5m]"
        : "take the function of the metric itself, and aggregate its result"
      : undefined;
  return [{ at: expression, message: `${by} takes ${wording[type]}, not ${wording[given]}`, fix }];
}

function checkBinary(binary: Binary): TypeProblem[] {
  const { operator, left, right, bool, matching } = binary;
  const operands = [left, right].flatMap((side) => checkOperand(side, operator));
  if (operands.length > 0) return operands;
  const at = binary;
  const vectors = !isScalar(left) && !isScalar(right);
  const comparison = comparisons.includes(operator);
  if (["and", "or", "unless"].includes(operator)) {
    if (!vectors)
      return [{ at, message: `${operator} stands between two vectors, not numbers`, fix: "write vector(...)" }];
    if (matching?.group !== undefined) return [{ at, message: `${operator} takes no group_${matching.group}` }];
  }
  if (bool && !comparison) return [{ at, message: "bool follows a comparison only" }];
  if (comparison && isScalar(left) && isScalar(right) && !bool) {
    return [{ at, message: "a comparison of two numbers needs bool", fix: `write ${operator} bool` }];
  }
  if (matching && !vectors) return [{ at, message: "on and ignoring stand between two vectors, not numbers" }];
  return [];
}

function checkOperand(operand: Expression, operator: string): TypeProblem[] {
  const type = typeOf(operand);
  if (type === "scalar" || type === "vector") return [];
  const fix = type === "range" ? "take rate(...) or another function of the range" : undefined;
  return [{ at: operand, message: `${operator} takes numbers and instant vectors, not ${wording[type]}`, fix }];
}

function isScalar(expression: Expression): boolean {
  return typeOf(expression) === "scalar";
}
