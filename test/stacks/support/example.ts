import { fileURLToPath } from "node:url";
import { type Fixtures, preview, type StackGraph } from "@gatehouse/preview";
import { vi } from "vitest";

/**
 * Previews stack dev of programs that import the packages as published ones; here they are their sources.
 *
 * @param paths Folders of the programs: `examples/aws-database`.
 * @param fixtures What their clouds answer.
 */
export async function previewExamples(paths: string[], fixtures: Fixtures = {}): Promise<StackGraph[]> {
  vi.stubEnv("NODE_OPTIONS", "--conditions=@gatehouse/source");
  try {
    const projects = paths.map((path) => fileURLToPath(new URL(`../../../${path}/`, import.meta.url)));
    return await Promise.all(projects.map((project) => preview({ project, stack: "dev", fixtures })));
  } finally {
    vi.unstubAllEnvs();
  }
}

/** As `previewExamples`, for one program. */
export async function previewExample(path: string, fixtures: Fixtures = {}): Promise<StackGraph> {
  const [graph] = await previewExamples([path], fixtures);
  return graph as StackGraph;
}
