import type { EnvironmentArgs, Problem } from "@gatehouse/core";

/**
 * Checks the variable NODE_OPTIONS: a process whose variable has an option that Node allows on its command line alone ends
 * at once with status 9. The list is that of the Node that runs the check, as Node itself gives it.
 */
export function checkNodeOptions(subject: string, environment: EnvironmentArgs | undefined): Problem[] {
  const options = environment?.values?.NODE_OPTIONS;
  // An Output may come from anywhere, and a program that is not Node has no such variable.
  if (typeof options !== "string") return [];
  const refused = options
    .split(/\s+/)
    .filter((word) => word.startsWith("-"))
    .map((word) => word.replace(/=.*$/, ""))
    .filter((option) => !process.allowedNodeEnvironmentFlags.has(option));
  return refused.map((value) => ({
    subject: `${subject}.environment.values.NODE_OPTIONS`,
    message: "Node refuses the option in NODE_OPTIONS and ends the process",
    value,
    expected: "an option that `node --help` allows in NODE_OPTIONS",
    fix: "give it in the image's command line: node OPTION main.js",
  }));
}
