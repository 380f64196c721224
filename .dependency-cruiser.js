/**
 * The structure of the sources, checked by `npm run lint`. Type-only imports count.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
export default {
  forbidden: [
    {
      name: "no-circle",
      comment: "Files import each other in a circle: move what both need into a third file.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-folder-circle",
      comment: "Folders import each other in a circle: move what both need into a folder below them.",
      severity: "error",
      scope: "folder",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-import-from-above",
      comment: "A sub-folder imports a file of the folder that imports it: move that file into a folder beside it.",
      severity: "error",
      from: { path: "^(packages/[^/]+/src/.+)/[^/]+/[^/]+$" },
      to: { path: "^$1/[^/]+$" },
    },
    {
      name: "packages-use-core-alone",
      comment: "kubernetes, gcp, aws and monitoring use core and not each other; core uses no other package.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: "^packages/($1|core)/" },
    },
    {
      name: "preview-stands-alone",
      comment: "preview knows resource graphs and no component.",
      severity: "error",
      from: { path: "^packages/preview/" },
      to: { path: "^packages/", pathNot: "^packages/preview/" },
    },
    {
      name: "packages-know-no-stack",
      comment: "A package is published without stacks, examples, tests and scripts.",
      severity: "error",
      from: { path: "^packages/[^/]+/src/" },
      to: { path: "^(stacks|examples|test|scripts|packages/[^/]+/test)/" },
    },
    {
      name: "only-what-is-public",
      comment: "Other packages and stacks import what a package's index.ts lists.",
      severity: "error",
      from: { path: "^(packages/[^/]+|stacks)/" },
      to: { path: "^packages/[^/]+/src/", pathNot: "^($1/|packages/[^/]+/src/(config/)?index[.]ts$)" },
    },
    {
      name: "no-product-knows-another",
      comment: "What two products share is in stacks/common.",
      severity: "error",
      from: { path: "^stacks/([^/]+)/" },
      to: { path: "^stacks/[^/]+/", pathNot: "^stacks/($1|common)/" },
    },
    {
      name: "no-unresolvable",
      comment: "The import leads to no file, so no other rule can judge it.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["@gatehouse/source", "import", "types"] },
  },
};
