import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository, stackObjects } from "./proofs/objects.ts";
import { scannerFindings } from "./proofs/scanners.ts";

/** The findings that the docs answer: each rule of a heading, with each object of the list below it. */
function answered(text: string): string[] {
  return text.split(/^### /m).flatMap((section) => {
    const [heading = "", ...lines] = section.split("\n");
    const rules = [...heading.matchAll(/`([^`]+)`/g)].map(([, rule]) => rule ?? "");
    const objects = lines.flatMap((line) => /^- `([^`]+)`/.exec(line)?.[1] ?? []);
    return rules.flatMap((rule) => objects.map((object) => `${rule} ${object}`));
  });
}

it("each finding of checkov and kube-score is answered in docs/scanner-rules.md, and each answer has its finding", async () => {
  const stacks = await stackObjects(repository, ["shield-prod", "atb-prod", "airlock-prod"]);
  const findings = await scannerFindings(stacks.flatMap(({ objects }) => objects));
  const docs = readFileSync(join(repository, "docs/scanner-rules.md"), "utf8");
  expect(answered(docs).sort()).toEqual(findings);
});

it("both scanners tell a pod that is open", async () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "open", namespace: "shop" },
    spec: { containers: [{ name: "open", image: "shop/open", securityContext: { privileged: true } }] },
  };
  const findings = await scannerFindings([pod]);
  expect(findings).toEqual(
    expect.arrayContaining([
      "CKV_K8S_16 Pod shop/open",
      "container-image-tag Pod shop/open",
      "container-security-context-privileged Pod shop/open",
    ]),
  );
});
