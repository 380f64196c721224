/** Goes wrong in the way that the stack's name says. */
import * as pulumi from "@pulumi/pulumi";

class Thing extends pulumi.CustomResource {
  declare readonly computed: pulumi.Output<string>;

  constructor(name: string, args: Record<string, unknown> = {}, options?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { ...args, computed: undefined }, options);
  }
}

class Part extends pulumi.ComponentResource {
  constructor(name: string, outputs: Record<string, unknown>) {
    super("test:index:Part", name);
    this.registerOutputs(outputs);
  }
}

const never = new Promise<string>(() => undefined);
new Thing("first");
export let exported: unknown;

switch (pulumi.getStack()) {
  case "throw":
    throw new Error("thrown at the top level");
  case "await":
    await Promise.reject(new Error("rejected in a top-level await"));
    break;
  case "reject":
    void Promise.reject(new Error("rejected and not awaited"));
    break;
  case "apply":
    pulumi.output("x").apply(() => {
      throw new Error("thrown in an apply");
    });
    break;
  case "run-error":
    throw new pulumi.RunError("said by the program\n  fix:      do as it says");
  case "not-an-error":
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- programs do
    throw "only a text";
  case "resource-error":
    throw new pulumi.ResourceError("wrong in the resource", new Thing("culprit"), true);
  case "log-error":
    void pulumi.log.error("reported by a resource", new Thing("culprit"));
    break;
  case "input":
    new Thing("bad", { value: Promise.reject(new Error("an input that rejects")) });
    break;
  case "method":
    pulumi.runtime.call("test:index:Part/describe", { value: Promise.reject(new Error("an argument that rejects")) });
    break;
  case "pending-method":
    pulumi.runtime.call("test:index:Part/describe", { value: never });
    break;
  case "duplicate":
    new Thing("first");
    break;
  case "pending":
    new Thing("waiting", { value: never });
    new Thing("child", {}, { dependsOn: pulumi.output(never).apply(() => new Thing("unborn")) });
    break;
  case "pending-output":
    exported = pulumi.output(never);
    break;
  case "pending-part":
    new Part("part", { value: never });
    break;
  case "pending-top-level":
    await never;
    break;
  case "pending-invoke":
    pulumi.runtime.invokeOutput("test:index:getThing", { id: never });
    break;
  case "out-of-memory": {
    const hoard: number[][] = [];
    for (;;) hoard.push(new Array<number>(100_000).fill(hoard.length));
  }
  case "killed":
    process.kill(process.pid, "SIGTERM");
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    break;
  case "exit":
    process.exit(0);
    break;
  case "exit-status":
    process.exitCode = 3;
    break;
  case "keeps-running":
    setInterval(() => undefined, 100);
    break;
  case "busy":
    for (;;);
  case "late-reject":
    setTimeout(() => void Promise.reject(new Error("rejected after the end")), 20);
    break;
  case "late-throw":
    setTimeout(() => {
      throw new Error("thrown after the end");
    }, 20);
    break;
  case "native-print":
    (await import("node:fs")).writeSync(2, "written past the streams\n");
    break;
}
