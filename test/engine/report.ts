import type { Reporter, TestCase, TestModule } from "vitest/node";

const results = { passed: "proved ", failed: "FAILED ", skipped: "not run", pending: "not run" };

/** Lists each proof with its stack and its time, once all have run. */
export default class Report implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const proofs = tests.map((test) => ({
      subject: test.parent.type === "suite" ? test.parent.fullName : test.module.relativeModuleId,
      proof: test.name,
      result: results[test.result().state],
      seconds: (test.diagnostic()?.duration ?? 0) / 1000,
    }));
    const width = Math.max(0, ...proofs.map(({ proof }) => proof.length));
    const lines = [...Map.groupBy(proofs, ({ subject }) => subject)].flatMap(([subject, own]) => [
      "",
      subject,
      ...own.map(
        ({ proof, result, seconds }) => `  ${result}  ${proof.padEnd(width)}  ${seconds.toFixed(1).padStart(6)} s`,
      ),
    ]);
    process.stdout.write(`${lines.join("\n")}\n\n${tests.length} proofs, ${failures(tests)} failed\n`);
  }
}

function failures(tests: TestCase[]): number {
  return tests.filter((test) => test.result().state === "failed").length;
}
