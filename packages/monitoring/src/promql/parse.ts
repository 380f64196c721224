import { nearest, parseDuration } from "@gatehouse/core";
import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { aggregations, functions } from "./functions.ts";
import type { Binary, Expression, Matcher, Selector, Span, Word } from "./syntax.ts";

/** Reason why a text is not PromQL. */
export interface SyntaxProblem {
  at: Span;
  message: string;
  expected?: string;
  fix?: string;
}

/** Reads an expression, or says what is wrong with it at the first place that is. */
export function parse(text: string): Expression | SyntaxProblem {
  const tree = parser.parse(text);
  const error = firstError(tree);
  if (error) return openText(text, tree) ?? describe(text, error);
  try {
    return read(text, only(tree.topNode));
  } catch (reason) {
    if (reason instanceof NotPromql) return reason.problem;
    throw reason;
  }
}

/** Finds what the grammar accepts but Prometheus refuses. */
class NotPromql extends Error {
  readonly problem: SyntaxProblem;
  constructor(problem: SyntaxProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

function read(text: string, node: SyntaxNode): Expression {
  const span: Span = { from: node.from, to: node.to };
  const word = (part: SyntaxNode): Word => wordOf(text, part);
  const inner = (part: SyntaxNode): Expression => read(text, part);
  switch (node.name) {
    // Parts that do not change the value's type are left out, because no check needs them.
    case "ParenExpr":
    case "OffsetExpr":
    case "StepInvariantExpr":
      return inner(only(node));
    case "NumberDurationLiteral":
      return { kind: "number", ...span, value: numberOf(word(node).text) };
    case "StringLiteral":
      return { kind: "text", ...span, value: unquote(word(node)).text };
    case "VectorSelector":
      return selectorOf(text, node);
    case "MatrixSelector": {
      const selector = inner(only(node));
      const window = word(child(node, "DurationExpr"));
      if (selector.kind !== "selector") {
        throw new NotPromql({
          at: span,
          message: `a range such as [${window.text}] follows a metric, not an expression`,
          fix: `take the range of the metric itself, or a subquery [${window.text}:] of the expression`,
        });
      }
      return { kind: "range", ...span, selector, window: millisecondsOf(window) };
    }
    case "SubqueryExpr":
      return { kind: "subquery", ...span, expression: inner(only(node)) };
    case "FunctionCall": {
      const name = word(child(node, "FunctionIdentifier"));
      if (!functions.has(name.text)) throw experimental(name, `the function ${name.text}`);
      return { kind: "call", ...span, name: name.text, args: expressions(child(node, "FunctionCallBody")).map(inner) };
    }
    case "AggregateExpr": {
      const operator = word(child(node, "AggregateOp"));
      const name = operator.text.toLowerCase();
      if (!aggregations.has(name)) throw experimental(operator, `the aggregation ${name}`);
      const modifier = node.getChild("AggregateModifier");
      return {
        kind: "aggregation",
        ...span,
        operator: name,
        grouping: modifier
          ? {
              without: modifier.getChild("Without") !== null,
              labels: labelsOf(text, child(modifier, "GroupingLabels")),
            }
          : undefined,
        args: expressions(child(node, "FunctionCallBody")).map(inner),
      };
    }
    case "BinaryExpr":
      return binaryOf(text, node);
    case "UnaryExpr": {
      const operator = word(child(node, "UnaryOp")).text === "-" ? "-" : "+";
      return { kind: "unary", ...span, operator, operand: inner(only(node)) };
    }
    default:
      throw experimental(span, "this");
  }
}

function binaryOf(text: string, node: SyntaxNode): Binary {
  const [left, right] = expressions(node);
  let operator = left?.nextSibling;
  while (operator?.name === "LineComment") operator = operator.nextSibling;
  if (!left || !right || !operator) throw new TypeError(`a binary expression without its operands: ${node.name}`);
  const fill = node.getChild("FillModifier");
  const word = wordOf(text, operator);
  if (fill) throw experimental(wordOf(text, fill), "fill");
  if (["</", ">/"].includes(word.text)) throw experimental(word, `the operator ${word.text}`);
  return {
    kind: "binary",
    from: node.from,
    to: node.to,
    operator: word.text.toLowerCase(),
    left: read(text, left),
    right: read(text, right),
    bool: node.getChild("BoolModifier") !== null,
    matching: matchingOf(text, node.getChild("MatchingModifierClause")),
  };
}

function matchingOf(text: string, clause: SyntaxNode | null): Binary["matching"] {
  if (!clause) return undefined;
  const [labels, include] = clause.getChildren("GroupingLabels");
  const group = clause.getChild("GroupLeft") ? "left" : clause.getChild("GroupRight") ? "right" : undefined;
  return {
    on: clause.getChild("On") !== null,
    labels: labels ? labelsOf(text, labels) : [],
    group,
    include: include ? labelsOf(text, include) : [],
  };
}

function selectorOf(text: string, node: SyntaxNode): Selector {
  const block = node.getChild("LabelMatchers");
  const matchers = [
    ...(block?.getChildren("UnquotedLabelMatcher") ?? []),
    ...(block?.getChildren("QuotedLabelMatcher") ?? []),
  ].map((matcher) => matcherOf(text, matcher));
  const bare = node.getChild("Identifier");
  const quoted = block?.getChild("QuotedLabelName");
  const named = matchers.find(({ label, operator }) => label.text === "__name__" && operator === "=");
  const metric = bare ? wordOf(text, bare) : quoted ? unquote(wordOf(text, quoted)) : named?.value;
  return {
    kind: "selector",
    from: node.from,
    to: node.to,
    metric,
    matchers: matchers.filter((matcher) => matcher !== named),
  };
}

function matcherOf(text: string, node: SyntaxNode): Matcher {
  const quoted = node.getChild("QuotedLabelName");
  const label = quoted ? unquote(wordOf(text, quoted)) : wordOf(text, child(node, "LabelName"));
  const operator = wordOf(text, child(node, "MatchOp")).text as Matcher["operator"];
  return { from: node.from, to: node.to, label, operator, value: unquote(wordOf(text, child(node, "StringLiteral"))) };
}

function labelsOf(text: string, node: SyntaxNode): Word[] {
  return [
    ...node.getChildren("LabelName").map((label) => wordOf(text, label)),
    ...node.getChildren("QuotedLabelName").map((label) => unquote(wordOf(text, label))),
  ];
}

function wordOf(text: string, { from, to }: Span): Word {
  return { from, to, text: text.slice(from, to) };
}

/** The value of a quoted word; it keeps its place. */
function unquote(word: Word): Word {
  const quote = word.text.charAt(0);
  if (isOpen(word.text)) throw new NotPromql(openTextProblem(word));
  const content = word.text.slice(1, -1);
  return {
    ...word,
    text: quote === "`" ? content : content.replace(/\\(.)/g, (_, escaped: string) => unescape(escaped)),
  };
}

/** The grammar accepts a text that its line or the expression ends. */
function isOpen(quoted: string): boolean {
  return quoted.length < 2 || !quoted.endsWith(quoted.charAt(0));
}

function openTextProblem({ from, to, text }: Word): SyntaxProblem {
  const expected = `${text.charAt(0)} at its end`;
  return { at: { from, to }, message: "the text in quotes has no end", expected };
}

/** A text without its end swallows what follows, so that the error behind it explains nothing. */
function openText(text: string, tree: Tree): SyntaxProblem | undefined {
  let open: Word | undefined;
  tree.iterate({
    enter({ name, from, to }) {
      const word = { from, to, text: text.slice(from, to) };
      if (name === "StringLiteral" && isOpen(word.text)) open ??= word;
    },
  });
  return open && openTextProblem(open);
}

function unescape(escaped: string): string {
  return { n: "\n", t: "\t", r: "\r" }[escaped] ?? escaped;
}

function numberOf(text: string): number {
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/.exec(text.replaceAll("_", "").toLowerCase()) ?? [];
  const value =
    digits === "inf" ? Infinity : /^\d.*[a-z]$/.test(digits) && !digits.startsWith("0x") ? NaN : Number(digits);
  const read = Number.isNaN(value) && digits !== "nan" ? parseDuration(digits) / 1000 : value;
  return sign === "-" ? -read : read;
}

function millisecondsOf(window: Word): number {
  // A bare number counts seconds.
  if (/^[\d.]+$/.test(window.text)) return Number(window.text) * 1000;
  if (!/^(\d+[a-z]+)+$/.test(window.text)) throw experimental(window, "a range that is computed");
  return parseDuration(window.text);
}

function experimental({ from, to }: Span, what: string): NotPromql {
  return new NotPromql({
    at: { from, to },
    message: `${what} needs an experimental feature of Prometheus`,
    expected: "what every Prometheus 3 evaluates without feature flags",
  });
}

function expressions(node: SyntaxNode): SyntaxNode[] {
  return node.getChildren("Expr");
}

function only(node: SyntaxNode): SyntaxNode {
  return child(node, "Expr");
}

function child(node: SyntaxNode, name: string): SyntaxNode {
  const found = node.getChild(name);
  if (!found) throw new TypeError(`the PromQL grammar gives a ${node.name} without ${name}`);
  return found;
}

interface GrammarError extends Span {
  /** The node that the parser was in. */
  parent: string;
}

function firstError(tree: Tree): GrammarError | undefined {
  let first: GrammarError | undefined;
  tree.iterate({
    enter({ type, from, to, node }) {
      if (type.isError) first ??= { from, to, parent: node.parent?.name ?? "" };
      return first === undefined;
    },
  });
  return first;
}

function describe(text: string, error: GrammarError): SyntaxProblem {
  // The parser gives up at once or skips a stretch: what stands there first is what was not expected.
  const rest = text.slice(error.from);
  const found = /^\s*("[^"]*"?|'[^']*'?|[\w:$.]+|[=!<>~]+|\S)/.exec(rest)?.[1];
  if (found === undefined) {
    const end = text.trimEnd().length;
    return { at: { from: end, to: end }, message: "the expression ends too early", expected: expectation(text, error) };
  }
  const from = error.from + rest.indexOf(found);
  const at = { from, to: from + found.length };
  const name = /([A-Za-z_][\w:]*)\s*$/.exec(text.slice(0, from))?.[1];
  if (found === "(" && name !== undefined && error.parent !== "GroupingLabels") {
    const known = nearest(name, [...functions.keys(), ...aggregations.keys()]);
    return {
      at: { from: text.lastIndexOf(name, from), to: from },
      message: `there is no function ${name}`,
      fix: known === undefined ? undefined : `did you mean ${known}?`,
    };
  }
  const message = `unexpected ${found}`;
  if (found === "=") return { at, message, fix: "compare values with ==; = compares labels within {}" };
  return { at, message, expected: expectation(text, error) };
}

/** Tokens that may stand at a place, with their names in messages, the widest first. */
const insertions = [
  ["an expression", " x "],
  ["an operator", " + "],
  ["a duration such as 5m", "5m"],
  ["a label's name", "l"],
  ["a text in quotes", '"x"'],
  ['"="', "="],
  ['","', ","],
  ['"("', "("],
  ['")"', ")"],
  ['"]"', "]"],
  ['"}"', "}"],
] as const;

/** Finds out by trying what the grammar would have accepted in front of an error. */
function expectation(text: string, error: GrammarError): string | undefined {
  const [before, after] = [text.slice(0, error.from), text.slice(error.from)];
  const tried = insertions.map(([wording, inserted]) => {
    const next = firstError(parser.parse(before + inserted + after));
    return { wording, progress: next === undefined ? Infinity : next.from - inserted.length };
  });
  const furthest = Math.max(...tried.map(({ progress }) => progress));
  // An insertion that is only accepted itself, with the same error behind it, explains nothing.
  if (furthest <= error.from) return fallback[error.parent];
  const accepted = tried.filter(({ progress }) => progress === furthest).map(({ wording }) => wording);
  // Numbers, names and texts are expressions too.
  return accepted[0] === insertions[0][0] ? accepted[0] : accepted.join(" or ");
}

const fallback: Record<string, string> = {
  MatrixSelector: "a duration such as 5m in brackets",
  UnquotedLabelMatcher: "a text in quotes",
  AggregateModifier: "labels in parentheses",
  OffsetExpr: "a duration such as 5m",
};
