import { targetLabels } from "../metrics/metric.ts";
import { findSeries } from "../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";
import type { Aggregation, Binary, Call, Expression, Selector } from "./syntax.ts";
import { typeOf } from "./types.ts";

/** The labels that the series of a result can have. */
export interface LabelSet {
  names: string[];
  /** Whether the series have these labels and no others, as after `sum by (...)`. */
  exact: boolean;
}

const none: LabelSet = { names: [], exact: true };

/** The labels of an expression's result; undefined if it uses a metric that the catalogue does not know. */
export function labelsOf(expression: Expression, catalogue: MetricsCatalogue): LabelSet | undefined {
  switch (expression.kind) {
    case "selector":
      return ofSelector(expression, catalogue);
    case "range":
      return labelsOf(expression.selector, catalogue);
    case "subquery":
      return labelsOf(expression.expression, catalogue);
    case "unary":
      return labelsOf(expression.operand, catalogue);
    case "call":
      return ofCall(expression, catalogue);
    case "aggregation":
      return ofAggregation(expression, catalogue);
    case "binary":
      return ofBinary(expression, catalogue);
    default:
      return none;
  }
}

function ofSelector({ metric }: Selector, catalogue: MetricsCatalogue): LabelSet | undefined {
  const series = metric && findSeries(catalogue, metric.text);
  return series && { names: [...series.labels, ...targetLabels], exact: false };
}

function ofCall({ name, args }: Call, catalogue: MetricsCatalogue): LabelSet | undefined {
  if (["scalar", "vector", "time", "pi"].includes(name)) return none;
  const source = args.find((arg) => ["vector", "range"].includes(typeOf(arg)));
  if (!source) return none;
  if (name === "absent" || name === "absent_over_time") return ofAbsence(source);
  const labels = labelsOf(source, catalogue);
  if (!labels) return undefined;
  if (name === "histogram_quantile" || name === "histogram_fraction") return without(labels, ["le"]);
  const added = args[1];
  return (name === "label_replace" || name === "label_join") && added?.kind === "text"
    ? including(labels, [added.value])
    : labels;
}

/** The result of `absent` has only the labels that its selector compares by `=`. */
function ofAbsence(source: Expression): LabelSet {
  const selector = source.kind === "range" ? source.selector : source;
  if (selector.kind !== "selector") return none;
  return {
    names: selector.matchers.filter(({ operator }) => operator === "=").map(({ label }) => label.text),
    exact: true,
  };
}

function ofAggregation({ operator, grouping, args }: Aggregation, catalogue: MetricsCatalogue): LabelSet | undefined {
  const labels = args.length > 0 ? labelsOf(args[args.length - 1] as Expression, catalogue) : none;
  if (operator === "topk" || operator === "bottomk") return labels;
  const names = grouping?.labels.map(({ text }) => text) ?? [];
  const grouped = grouping?.without ? labels && without(labels, names) : { names, exact: true };
  const counted = args[0];
  return operator === "count_values" && counted?.kind === "text"
    ? grouped && including(grouped, [counted.value])
    : grouped;
}

function ofBinary({ operator, left, right, matching }: Binary, catalogue: MetricsCatalogue): LabelSet | undefined {
  if (typeOf(left) === "scalar") return labelsOf(right, catalogue);
  if (typeOf(right) === "scalar") return labelsOf(left, catalogue);
  const [ofLeft, ofRight] = [labelsOf(left, catalogue), labelsOf(right, catalogue)];
  if (!ofLeft || !ofRight) return undefined;
  if (operator === "or") {
    return { names: [...new Set([...ofLeft.names, ...ofRight.names])], exact: ofLeft.exact && ofRight.exact };
  }
  if (operator === "and" || operator === "unless") return ofLeft;
  const names = matching?.labels.map(({ text }) => text) ?? [];
  const include = matching?.include.map(({ text }) => text) ?? [];
  if (matching?.group === "left") return including(ofLeft, include);
  if (matching?.group === "right") return including(ofRight, include);
  if (matching?.on) return { names, exact: true };
  return without(ofRight.exact && !ofLeft.exact ? ofRight : ofLeft, names);
}

function without(labels: LabelSet, names: string[]): LabelSet {
  return { ...labels, names: labels.names.filter((name) => !names.includes(name)) };
}

function including(labels: LabelSet, names: string[]): LabelSet {
  return { ...labels, names: [...new Set([...labels.names, ...names])] };
}
