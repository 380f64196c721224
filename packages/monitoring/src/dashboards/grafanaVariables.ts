import { nearest } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import { pointAt } from "../checks/expression.ts";

/** A choice at the top of a dashboard, from the values that a label has. */
export interface DashboardVariable {
  /** Name in queries, after the dollar sign: `namespace` for `$namespace`. */
  name: string;
  /** The metric whose label's values are offered. */
  metric: string;
  /** The label. */
  label: string;
  /**
   * Whether several values, or all, can be chosen. Queries then match by `=~`.
   *
   * @default false
   */
  multi?: boolean;
}

/** Variable of every dashboard: the Prometheus that it asks. */
export const datasourceVariable = "datasource";

/** Values for Grafana's own variables, such that what holds for them holds for what Grafana inserts. */
function builtins(scrapeInterval: number): Record<string, string> {
  const seconds = scrapeInterval / 1000;
  return {
    // At least four scrape intervals: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
    __rate_interval: `${4 * seconds}s`,
    // As short as one scrape interval, which is too short for a rate.
    __interval: `${seconds}s`,
    __interval_ms: `${scrapeInterval}`,
    __range: "1h",
    __range_s: "3600",
    __range_ms: "3600000",
  };
}

/** A query whose variables have values. */
export interface FilledQuery {
  /** As long as the query given, so that places in it stay the same. */
  text: string;
  problems: Problem[];
}

/**
 * Puts values in place of a query's variables, so that it can be parsed. A variable of the dashboard stands for a
 * label's value, within quotes.
 */
export function fillVariables(
  query: string,
  subject: string,
  variables: DashboardVariable[],
  scrapeInterval: number,
): FilledQuery {
  const known = builtins(scrapeInterval);
  const problems: Problem[] = [];
  const text = query.replaceAll(
    /\$\{(\w+)(?::[^}]*)?\}|\$([A-Za-z_]\w*)/g,
    (written, braced?: string, bare?: string, at = 0) => {
      const name = braced ?? bare ?? "";
      const quoted = enclosingQuote(query, Number(at));
      const value = known[name];
      if (value !== undefined && quoted === undefined) return value.padEnd(written.length);
      const placeholder = written.replaceAll(/\W/g, "_");
      const problem = (message: string, fix?: string): void => {
        const place = { from: Number(at), to: Number(at) + written.length };
        problems.push({ subject, message, value: pointAt(query, place), fix });
      };
      const variable = variables.find((candidate) => candidate.name === name);
      if (!variable && value === undefined) {
        const meant = nearest(name, [...variables.map((candidate) => candidate.name), ...Object.keys(known)]);
        problem(`the dashboard has no variable ${name}`, meant === undefined ? undefined : `did you mean $${meant}?`);
      } else if (quoted === undefined) {
        problem(`the variable ${name} stands for a label's value, in quotes`, `write label="$${name}"`);
      } else if (variable?.multi && !/[=!]~\s*$/.test(query.slice(0, quoted))) {
        problem(`the variable ${name} can have several values, which = does not match`, "match it with =~");
      }
      return placeholder;
    },
  );
  return { text, problems };
}

/** Where the text in quotes begins that a place is in; undefined outside of quotes. */
function enclosingQuote(query: string, at: number): number | undefined {
  let start: number | undefined;
  for (let index = 0; index < at; index++) {
    const character = query.charAt(index);
    if (start === undefined) {
      if (`"'\``.includes(character)) start = index;
    } else if (character === "\\" && query.charAt(start) !== "`") index++;
    else if (character === query.charAt(start)) start = undefined;
  }
  return start;
}
