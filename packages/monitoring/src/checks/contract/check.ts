import type { MetricsCatalogue } from "../../metrics/metricsCatalogue.ts";
import type { Expression, Span } from "../../promql/syntax.ts";

/** Surroundings of an expression that a check can use. */
export interface CheckContext {
  /** The expression's text. */
  text: string;
  catalogue: MetricsCatalogue;
  /** Milliseconds between two scrapes of a target. */
  scrapeInterval: number;
}

/** A place that a check objects to. */
export interface Finding {
  at: Span;
  /** What is wrong there, in one sentence without a full stop. */
  message: string;
  expected?: string;
  /**
   * Remedy for this place.
   *
   * @default the check's remedy
   */
  fix?: string;
}

/** A mistake that Prometheus accepts and that makes an expression answer wrongly or never. */
export interface Check {
  /** Name of the check in `accept` of a rule or a panel. */
  id: string;
  /** Description of what it finds, and why that is a mistake. */
  description: string;
  /** What to do. */
  remedy: string;
  /** Whether it looks at alerts only, not at panels. */
  alertsOnly?: boolean;
  find: (expression: Expression, context: CheckContext) => Finding[];
}
