export type { ConfigOverride } from "./config.ts";
export { UsageError } from "./errors.ts";
export type { Fixtures, InvokeFixture } from "./fixtures.ts";
export type { WireObject, WireValue } from "./wire.ts";
export {
  compareText,
  hasFailed,
  isManaged,
  isPlainObject,
  isSecret,
  isUnknown,
  readGraph,
  sortResources,
  writeGraph,
} from "./graph.ts";
export type {
  CustomTimeouts,
  Diagnostic,
  Graph,
  Properties,
  Resource,
  ResourceOptions,
  Secret,
  StackGraph,
  Unknown,
  Value,
} from "./graph.ts";
export { preview, previewAll } from "./preview.ts";
export type { PreviewOptions, Progress } from "./preview.ts";
