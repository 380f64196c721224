import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nearest, type Problem } from "@gatehouse/core";
import { authorizationFile } from "./authorization.ts";
import type { PolicyArgs } from "./policy.ts";
import { readRego, type RegoModule } from "./regoModule.ts";

/** Checks a policy for what would deny every request, or keep its engine from starting. */
export function checkPolicy(subject: string, args: PolicyArgs): Problem[] {
  const names = Object.keys(args.files);
  const files = [
    ...checkFileNames(`${subject}.files`, names),
    ...checkForms(`${subject}.files`, args.files),
    ...(args.engine ? checkAuthorization(`${subject}.files`, args.files) : []),
  ];
  if (files.length > 0) return files;
  const compiled = checkCompiles(subject, args);
  return compiled.length > 0 ? compiled : checkEntryPoint(subject, args);
}

function checkFileNames(path: string, names: string[]): Problem[] {
  const empty =
    names.length > 0 ? [] : [{ subject: path, message: "the policy has no files", expected: "one file or more" }];
  const unfit = names.filter((name) => !/^[A-Za-z0-9][-._A-Za-z0-9]*\.rego$/.test(name) || name.endsWith("_test.rego"));
  return [
    ...empty,
    ...unfit.map((name) => ({
      subject: path,
      message: "not a file of the policy",
      value: name,
      expected: "a name of letters, digits, dots, dashes and underscores that ends in .rego and not in _test.rego",
    })),
  ];
}

function checkForms(path: string, files: Record<string, string>): Problem[] {
  return Object.entries(files).flatMap(([name, source]) => {
    const module = readRego(source);
    const subject = `${path}.${name}`;
    const faults = module.faults.map(({ message, at, expected }) => ({ subject, message, value: at, expected }));
    if (module.package !== undefined) return faults;
    return [...faults, { subject, message: "the file has no package", expected: "package <path> first" }];
  });
}

/** The component writes the rules of OPA's own API; further ones would add to what they allow. */
function checkAuthorization(path: string, files: Record<string, string>): Problem[] {
  return Object.entries(files)
    .filter(([name, source]) => {
      const { package: module = "" } = readRego(source);
      return name === authorizationFile || `${module}.`.startsWith("system.");
    })
    .map(([name, source]) => ({
      subject: `${path}.${name}`,
      message: "the package is reserved for rules of OPA's own API, which the component writes",
      value: name === authorizationFile ? name : `package ${readRego(source).package ?? ""}`,
      expected: `a package outside "system", in a file other than ${authorizationFile}`,
    }));
}

function checkEntryPoint(subject: string, { files, entryPoint }: PolicyArgs): Problem[] {
  const known = [...new Set(Object.values(files).flatMap((source) => decisions(readRego(source))))];
  if (known.includes(entryPoint)) return [];
  const near = nearest(entryPoint, known);
  return [
    {
      subject: `${subject}.entryPoint`,
      message: "the policy does not define this rule, so every request would be denied",
      value: entryPoint,
      expected: known.length > 0 ? `one of ${known.join(", ")}` : "a rule of the policy",
      fix: near && `did you mean "${near}"?`,
    },
  ];
}

/** Paths under which OPA's data API answers: `atb/poa/decision`. */
function decisions({ package: path = "", rules }: RegoModule): string[] {
  return rules.map((rule) => `${path}.${rule}`.replaceAll(".", "/"));
}

/** Problems that OPA's own compiler reports, if it is installed. */
function checkCompiles(subject: string, { files, opaCommand }: PolicyArgs): Problem[] {
  const command = opaCommand ?? "opa";
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-policy-"));
  try {
    for (const [name, source] of Object.entries(files)) writeFileSync(join(directory, name), source);
    // By its name alone, since messages show the path that they were given.
    const run = spawnSync(command, ["check", "--strict", ...Object.keys(files)], { cwd: directory, encoding: "utf8" });
    if (run.error && opaCommand === undefined) return [];
    if (run.error)
      return [
        {
          subject: `${subject}.opaCommand`,
          message: "the command cannot be run",
          value: command,
          expected: "the opa command",
          fix: "leave it out to use the one on the PATH, if there is one",
        },
      ];
    if (run.status === 0) return [];
    return [
      {
        subject: `${subject}.files`,
        message: "the policy does not compile",
        value: `${run.stdout}${run.stderr}`.trim(),
        expected: "files that opa check --strict accepts",
      },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
