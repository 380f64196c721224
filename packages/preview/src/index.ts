export type { ConfigOverride } from "./project/config.ts";
export { UsageError } from "./errors.ts";
export type { Fixtures, InvokeFixture } from "./record/fixtures.ts";
export type { WireObject, WireValue } from "./record/wire.ts";
export {
  compareText,
  hasFailed,
  isManaged,
  isPlainObject,
  isRemote,
  isSecret,
  isUnknown,
  readGraph,
  sortResources,
  writeGraph,
} from "./graph/graph.ts";
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
} from "./graph/graph.ts";
export { preview, previewAll } from "./run/preview.ts";
export type { PreviewOptions, Progress } from "./run/preview.ts";
