import type { Problem } from "../errors/problem.ts";

/**
 * Checks the name of a PostgreSQL user or database. Names with other characters would need quotes in every statement.
 *
 * @param message What the name is not: `not the name of a user`.
 */
export function checkSqlName(subject: string, message: string, name: string): Problem[] {
  // https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
  if (/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return [];
  const expected = "at most 63 lower-case letters, digits and underscores, not beginning with a digit";
  return [{ subject, message, value: name, expected }];
}
