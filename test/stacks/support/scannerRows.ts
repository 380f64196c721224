import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A rule of a scanner, and what the project answers to it. */
export interface ScannerRow {
  rule: string;
  satisfied: string;
  reason: string;
}

/** Rows of docs/scanner-rules.md whose rule is one of a cloud: `AWS`, `GCP`. */
export function scannerRows(cloud: string): ScannerRow[] {
  const table = readFileSync(fileURLToPath(new URL("../../../docs/scanner-rules.md", import.meta.url)), "utf8");
  const form = new RegExp(`^(CKV2?_${cloud}_|${cloud}-)\\d+$`);
  return table.split("\n").flatMap((line): ScannerRow[] => {
    const [, rule = "", , satisfied = "", reason = ""] = line.split("|").map((cell) => cell.trim());
    return form.test(rule) ? [{ rule, satisfied, reason }] : [];
  });
}
