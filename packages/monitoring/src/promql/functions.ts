/** Type of an expression's result. */
export type ValueType = "scalar" | "vector" | "range" | "text";

/** Types of a function's arguments and of its result. */
export interface Signature {
  takes: ValueType[];
  /** How many of the last arguments may be left out. */
  optional: number;
  /** Whether the last argument may be repeated. */
  repeats: boolean;
  gives: ValueType;
}

/**
 * The functions that Prometheus 3 has without feature flags.
 *
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/
 */
export const functions: ReadonlyMap<string, Signature> = new Map([
  ...signatures(
    "vector -> vector",
    "abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_avg histogram_count",
    "histogram_stddev histogram_stdvar histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp",
  ),
  ...signatures(
    "range -> vector",
    "absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time",
    "min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time",
  ),
  ...signatures("vector? -> vector", "day_of_month day_of_week day_of_year days_in_month hour minute month year"),
  ...signatures("vector scalar scalar -> vector", "clamp"),
  ...signatures("vector scalar -> vector", "clamp_max clamp_min"),
  ...signatures("vector scalar? -> vector", "round"),
  ...signatures("scalar vector -> vector", "histogram_quantile"),
  ...signatures("scalar scalar vector -> vector", "histogram_fraction"),
  ...signatures("scalar range -> vector", "quantile_over_time"),
  ...signatures("range scalar -> vector", "predict_linear"),
  ...signatures("vector text text text text -> vector", "label_replace"),
  ...signatures("vector text text text* -> vector", "label_join"),
  ...signatures("scalar -> vector", "vector"),
  ...signatures("vector -> scalar", "scalar"),
  ...signatures("-> scalar", "pi time"),
]);

/** The aggregations that Prometheus 3 has without feature flags, and the type of the parameter before the vector. */
export const aggregations: ReadonlyMap<string, ValueType | undefined> = new Map<string, ValueType | undefined>([
  ...["avg", "count", "group", "max", "min", "stddev", "stdvar", "sum"].map((name) => [name, undefined] as const),
  ...["bottomk", "quantile", "topk"].map((name) => [name, "scalar"] as const),
  ["count_values", "text"],
]);

function signatures(form: string, ...names: string[]): [string, Signature][] {
  const [takes = "", gives = ""] = form.split("->").map((side) => side.trim());
  const args = takes === "" ? [] : takes.split(" ");
  const signature = {
    takes: args.map((arg) => arg.replace(/[?*]$/, "") as ValueType),
    optional: args.filter((arg) => /[?*]$/.test(arg)).length,
    repeats: args.some((arg) => arg.endsWith("*")),
    gives: gives as ValueType,
  };
  return names.flatMap((line) => line.split(" ")).map((name) => [name, signature]);
}
