export { type Endpoint, type EnvironmentArgs, external, internet, type SecretRef } from "@gatehouse/core";
export { EncryptionKey, type EncryptionKeyArgs } from "./key/encryptionKey.ts";
export { KeyUser } from "./key/keyPolicy.ts";
export { type AdmittedClientArgs, SecurityGroup, type SecurityGroupArgs } from "./network/securityGroup.ts";
