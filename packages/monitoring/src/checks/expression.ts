import { nearest } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import type { CheckContext, Finding } from "./contract/check.ts";
import { checks } from "./index.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";
import { labelsOf } from "../promql/labels.ts";
import { parse } from "../promql/parse.ts";
import type { Span } from "../promql/syntax.ts";
import { checkTypes } from "../promql/types.ts";

/** Use of an expression, and what it is checked against. */
export interface ExpressionContext {
  catalogue: MetricsCatalogue;
  /** Milliseconds between two scrapes of a target. */
  scrapeInterval: number;
  /** Whether the expression is an alert's condition, not a panel's query. */
  alert: boolean;
  /** Checks that the expression knowingly does not meet, by id, each with the reason. */
  accept?: Record<string, string>;
  /** The expression as its author wrote it, if placeholders of equal length stand in for a part of it. */
  written?: string;
}

/** Result of checking an expression. */
export interface CheckedExpression {
  problems: Problem[];
  /** The labels that the result's series have; absent if that is not known. */
  labels?: string[];
}

/**
 * Parses an expression as Prometheus would and looks for the mistakes that Prometheus accepts.
 *
 * @param subject Name of the expression in problems.
 */
export function checkExpression(text: string, subject: string, context: ExpressionContext): CheckedExpression {
  const { written = text, accept = {}, catalogue, scrapeInterval, alert } = context;
  const problem = ({ at, message, expected, fix }: Finding): Problem => ({
    subject,
    message,
    value: pointAt(written, at),
    expected,
    fix,
  });
  const acceptance = checkAcceptance(accept, subject);
  const expression = parse(text);
  if (!("kind" in expression)) {
    const { message, ...rest } = expression;
    return { problems: [...acceptance, problem({ ...rest, message: `PromQL syntax error: ${message}` })] };
  }
  const types = checkTypes(expression);
  if (types.length > 0) {
    return {
      problems: [
        ...acceptance,
        ...types.map((found) => problem({ ...found, message: `PromQL type error: ${found.message}` })),
      ],
    };
  }
  const checkContext: CheckContext = { text, catalogue, scrapeInterval };
  const found = checks
    .filter(({ id, alertsOnly }) => !Object.hasOwn(accept, id) && (alert || !alertsOnly))
    .flatMap(({ id, remedy, find }) =>
      find(expression, checkContext).map((finding) =>
        problem({ ...finding, message: `${finding.message} (${id})`, fix: finding.fix ?? remedy }),
      ),
    );
  return { problems: [...acceptance, ...found], labels: labelsOf(expression, catalogue)?.names };
}

function checkAcceptance(accept: Record<string, string>, subject: string): Problem[] {
  const known = checks.map(({ id }) => id);
  return Object.entries(accept).flatMap(([id, reason]): Problem[] => {
    if (!known.includes(id)) {
      const meant = nearest(id, known);
      const fix = meant === undefined ? undefined : `did you mean ${meant}?`;
      return [
        { subject, message: "accept names a check that does not exist", value: id, expected: known.join(", "), fix },
      ];
    }
    return reason.trim() === ""
      ? [{ subject, message: `accept says not why ${id} is accepted`, expected: "the reason" }]
      : [];
  });
}

/** The line of a text that a place begins on, and below it carets under the place. */
export function pointAt(text: string, { from, to }: Span): string {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const end = text.indexOf("\n", from);
  const line = text.slice(start, end === -1 ? undefined : end).trimEnd();
  const indent = line.length - line.trimStart().length;
  const column = Math.max(from - start - indent, 0);
  const width = Math.max(1, Math.min(to - from, line.length - indent - column));
  return `${line.trimStart()}\n${" ".repeat(column)}${"^".repeat(width)}`;
}
