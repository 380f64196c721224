export { checkedInput } from "./errors/checkedInput.ts";
export { member } from "./errors/member.ts";
export { nearest } from "./errors/nearest.ts";
export { InputError, formatProblem, throwIfAny } from "./errors/problem.ts";
export { refuseSecret } from "./errors/secrets.ts";
export type { Problem } from "./errors/problem.ts";
export { checkName, contentHash, nameKinds, physicalName, shortHash } from "./values/names.ts";
export type { JsonValue, NameKind } from "./values/names.ts";
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
} from "./values/quantities.ts";
export type { Quantity } from "./values/quantities.ts";
export { checkDuration, formatDuration, goDuration, parseDuration } from "./values/durations.ts";
export { checkPinned, checkRelease, parseImage } from "./values/images.ts";
export type { ImageReference } from "./values/images.ts";
export { checkDatabaseClient, connectionBudget, connectionsNeeded } from "./links/databaseClient.ts";
export type { DatabaseClientArgs } from "./links/databaseClient.ts";
export { checkSqlName } from "./links/sqlName.ts";
export { checkConnections, connectionDemand, reservedConnections } from "./links/connections.ts";
export type { ConnectionBudget } from "./links/connections.ts";
export { checkedArgs } from "./args/checkedArgs.ts";
export type { ArgsSchema, ArgsShape } from "./args/argsSchema.ts";
export { checkCount, checkPortNumber, repeated } from "./values/count.ts";
export { ignored } from "./errors/ignored.ts";
export type { CountBounds } from "./values/count.ts";
export { childOptions, describe, knownAfter, ownName, protection } from "./component.ts";
export { readable } from "./errors/readable.ts";
export type { ReadableContext } from "./errors/readable.ts";
export { checkAddressRange, checkCidr, isWithin, networkAddress, parseCidr } from "./values/addressRange.ts";
export type { AddressFamily, AddressRangeArgs, Cidr } from "./values/addressRange.ts";
export { SecretStoreType, secretStoreName } from "./links/secretRef.ts";
export type { SecretRef } from "./links/secretRef.ts";
export { checkVariables, mergeEnvironments, variableNames } from "./links/environment.ts";
export type { EnvironmentArgs } from "./links/environment.ts";
export { checkedPort, checkLinks, checkPortRange, external, internet, Protocol } from "./links/endpoint.ts";
export type {
  CloudSqlSocketArgs,
  Endpoint,
  InternetOptions,
  PodSelectorArgs,
  PortRange,
  SecurityGroupRefArgs,
} from "./links/endpoint.ts";
export { operatorLabels } from "./links/monitored.ts";
export type { Monitored, MonitoredCronJob, MonitoredRedis } from "./links/monitored.ts";
