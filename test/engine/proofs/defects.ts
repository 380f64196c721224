import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository, stackObjects, type StackObjects } from "./objects.ts";

/** A change to the inputs of the resources of one type, as a mistake in the program would make it. */
export interface Defect {
  /** The type, as kubernetes:apps/v1:Deployment. */
  type: string;
  /** Source of a function of the resource's inputs, which may change them. */
  change: string;
}

/** The objects of a stack whose program has a defect. */
export async function defectiveObjects(stack: string, { type, change }: Defect): Promise<StackObjects> {
  const directory = mkdtempSync(join(tmpdir(), "gatehouse-defect-"));
  try {
    for (const file of ["Pulumi.yaml", "package.json", "stacks"])
      cpSync(join(repository, file), join(directory, file), { recursive: true });
    for (const folder of ["node_modules", "packages"]) symlinkSync(join(repository, folder), join(directory, folder));
    mkdirSync(join(directory, "stacks", "defect"));
    writeFileSync(
      join(directory, "stacks", "defect", "defect.ts"),
      `import * as pulumi from "@pulumi/pulumi";
const change = ${change};
void pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
  if (type !== ${JSON.stringify(type)}) return undefined;
  const changed = pulumi.output(props).apply((plain) => {
    const copy = structuredClone(plain);
    change(copy);
    return copy;
  });
  return { props: Object.fromEntries(Object.keys(props).map((key) => [key, changed.apply((copy) => copy[key])])), opts };
});
`,
    );
    const entry = join(directory, "stacks", "index.ts");
    writeFileSync(entry, `import "./defect/defect.ts";\n${readFileSync(entry, "utf8")}`);
    const [objects] = await stackObjects(directory, [stack]);
    if (objects === undefined) throw new Error(`${stack} has no Kubernetes objects`);
    return objects;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
