/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    { name: "no-folder-circle", severity: "error", scope: "folder", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ["@gatehouse/source", "import", "types"], exportsFields: ["exports"] },
    tsConfig: { fileName: "tsconfig.json" },
  },
};
