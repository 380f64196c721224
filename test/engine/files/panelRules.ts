import { writeFileSync } from "node:fs";
import { stringify } from "yaml";

/** What Grafana puts in the place of its own variables. */
const variables: Record<string, string> = { __rate_interval: "5m", __interval: "1m", __range: "1h" };

/** Writes what a dashboard's panels ask as rules, a form that promtool checks, and gives back the file. */
export function panelRules(dashboard: string, file: string): string {
  const rules = queries(JSON.parse(dashboard)).map((query, index) => ({
    record: `panel:${index}`,
    expr: query.replaceAll(/\$(\w+)/g, (text, name: string) => variables[name] ?? text),
  }));
  writeFileSync(file, stringify({ groups: [{ name: "panels", rules }] }));
  return file;
}

function queries(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "expr" && typeof member === "string" ? [member] : queries(member),
  );
}
