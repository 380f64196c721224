export { checkedInput } from "./checkedInput.ts";
export { nearest } from "./nearest.ts";
export { InputError, formatProblem, throwIfAny } from "./problem.ts";
export { refuseSecret } from "./secrets.ts";
export type { Problem } from "./problem.ts";
export { checkName, contentHash, nameKinds, physicalName, shortHash } from "./names.ts";
export type { JsonValue, NameKind } from "./names.ts";
export { recommendedLabels } from "./kubernetesLabels.ts";
export type { RecommendedLabels } from "./kubernetesLabels.ts";
export {
  QuantityFormat,
  addQuantities,
  checkBytes,
  checkCpu,
  checkQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
} from "./quantities.ts";
export type { Quantity } from "./quantities.ts";
export { checkDuration, formatDuration, parseDuration } from "./durations.ts";
export { checkPinned, checkRelease, parseImage } from "./images.ts";
export type { ImageReference } from "./images.ts";
export { checkConnections, connectionDemand, reservedConnections } from "./connections.ts";
export type { ConnectionBudget } from "./connections.ts";
export { checkedArgs } from "./args/checkedArgs.ts";
export type { ArgsSchema, ArgsShape } from "./args/argsSchema.ts";
export { checkCount, checkPortNumber, repeated } from "./count.ts";
export { ignored } from "./ignored.ts";
export type { CountBounds } from "./count.ts";
export { childOptions, describe, ownName, protection } from "./component.ts";
export { readable } from "./readable.ts";
export type { ReadableContext } from "./readable.ts";
export { checkAddressRange, checkCidr, isWithin, networkAddress, parseCidr } from "./addressRange.ts";
export type { AddressFamily, AddressRangeArgs, Cidr } from "./addressRange.ts";
export { SecretStoreType, secretStoreName } from "./secretRef.ts";
export type { SecretRef } from "./secretRef.ts";
export { checkVariables, mergeEnvironments, variableNames } from "./environment.ts";
export type { EnvironmentArgs } from "./environment.ts";
export { checkedPort, checkLinks, checkPortRange, external, internet, Protocol } from "./endpoint.ts";
export type {
  CloudSqlSocketArgs,
  Endpoint,
  InternetOptions,
  PodSelectorArgs,
  PortRange,
  SecurityGroupArgs,
} from "./endpoint.ts";
export { operatorLabels } from "./monitored.ts";
export type { Monitored, MonitoredCronJob, MonitoredRedis } from "./monitored.ts";
