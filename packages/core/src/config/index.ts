export { checkedString } from "./checkedString.ts";
export type { StringCheck } from "./checkedString.ts";
export { secret } from "./secret.ts";
export { parseStackName, stackConfig } from "./stackConfig.ts";
export type { ConfigContext, StackConfig, StackConfigOptions, StackName } from "./stackConfig.ts";
export type { JsonSchema } from "./jsonSchema.ts";
export { type ConfigEntry, ConfigOrigin } from "./explain.ts";
export type { ConfigLayer, PartialConfig } from "./layers.ts";
