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
pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
  type === ${JSON.stringify(type)}
    ? { props: pulumi.output(props).apply((props) => { const copy = structuredClone(props); change(copy); return copy; }), opts }
    : undefined,
);
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
