/** A part of an expression's text, from its first character to the one after its last. */
export interface Span {
  from: number;
  to: number;
}

/** A word of an expression and where it stands. */
export interface Word extends Span {
  text: string;
}

export interface Matcher extends Span {
  label: Word;
  operator: "=" | "!=" | "=~" | "!~";
  value: Word;
}

export interface NumberLiteral extends Span {
  kind: "number";
  value: number;
}

export interface TextLiteral extends Span {
  kind: "text";
  value: string;
}

/** Selects time series: `up{job="shield"}`. */
export interface Selector extends Span {
  kind: "selector";
  /** Absent if the selector names no metric. */
  metric?: Word;
  matchers: Matcher[];
}

/** The samples of a window: `requests_total[5m]`. */
export interface Range extends Span {
  kind: "range";
  selector: Selector;
  /** Milliseconds. */
  window: number;
}

/** An expression evaluated again and again over a window: `up[1h:5m]`. */
export interface Subquery extends Span {
  kind: "subquery";
  expression: Expression;
}

export interface Call extends Span {
  kind: "call";
  name: string;
  args: Expression[];
}

export interface Aggregation extends Span {
  kind: "aggregation";
  operator: string;
  grouping?: { without: boolean; labels: Word[] };
  /** All arguments; the last one is what is aggregated. */
  args: Expression[];
}

export interface Binary extends Span {
  kind: "binary";
  operator: string;
  left: Expression;
  right: Expression;
  /** A comparison that answers 0 or 1 in place of filtering. */
  bool: boolean;
  matching?: { on: boolean; labels: Word[]; group?: "left" | "right"; include: Word[] };
}

export interface Unary extends Span {
  kind: "unary";
  operator: "+" | "-";
  operand: Expression;
}

/** A PromQL expression. Parentheses, `offset` and `@` change nothing that is checked here and are left out. */
export type Expression =
  NumberLiteral | TextLiteral | Selector | Range | Subquery | Call | Aggregation | Binary | Unary;

/** Parts of an expression. */
export function children(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "range":
      return [expression.selector];
    case "subquery":
      return [expression.expression];
    case "call":
    case "aggregation":
      return expression.args;
    case "binary":
      return [expression.left, expression.right];
    case "unary":
      return [expression.operand];
    default:
      return [];
  }
}

/** An expression in its surroundings. */
export interface Place<T extends Expression = Expression> {
  node: T;
  /** Expressions around it, from the inside out. */
  ancestors: Expression[];
}

/** An expression and all its parts, from the outside in. */
export function places(expression: Expression, ancestors: Expression[] = []): Place[] {
  const inside = children(expression).flatMap((child) => places(child, [expression, ...ancestors]));
  return [{ node: expression, ancestors }, ...inside];
}

/** All parts of one kind. */
export function placesOf<K extends Expression["kind"]>(
  expression: Expression,
  kind: K,
): Place<Extract<Expression, { kind: K }>>[] {
  return places(expression).filter(
    (place): place is Place<Extract<Expression, { kind: K }>> => place.node.kind === kind,
  );
}

/** All selectors, those of ranges too. */
export function selectors(expression: Expression): Selector[] {
  return placesOf(expression, "selector").map(({ node }) => node);
}

/**
 * Whether a part decides only which series are kept, not their values: it stands on the right of `and` or `unless`.
 */
export function onlyFilters({ node, ancestors }: Place): boolean {
  return [node, ...ancestors].some((inner, index) => {
    const outer = ancestors[index];
    return outer?.kind === "binary" && ["and", "unless"].includes(outer.operator) && outer.right === inner;
  });
}

/** The value of an expression made of numbers alone; undefined if it is not. */
export function constant(expression: Expression): number | undefined {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "unary") {
    const value = constant(expression.operand);
    return value === undefined || expression.operator === "+" ? value : -value;
  }
  if (expression.kind !== "binary") return undefined;
  const [left, right] = [constant(expression.left), constant(expression.right)];
  if (left === undefined || right === undefined) return undefined;
  return arithmetic[expression.operator]?.(left, right);
}

const arithmetic: Record<string, (left: number, right: number) => number> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

const mirrored: Record<string, string> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!=" };

export const comparisons: string[] = Object.keys(mirrored);

/** A comparison with a number, read from the left: `x > 5`. */
export interface Bound {
  operand: Expression;
  operator: string;
  limit: number;
}

/** Reads an expression as a comparison with a number that filters, whichever side the number is on. */
export function boundOf(expression: Expression): Bound | undefined {
  if (expression.kind !== "binary" || expression.bool) return undefined;
  const turned = mirrored[expression.operator];
  if (turned === undefined) return undefined;
  const [left, right] = [constant(expression.left), constant(expression.right)];
  if (right !== undefined) return { operand: expression.left, operator: expression.operator, limit: right };
  if (left !== undefined) return { operand: expression.right, operator: turned, limit: left };
  return undefined;
}
