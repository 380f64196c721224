import {
  type ArtifactRegistryArgs,
  type AuditLogArgs,
  type PrivateNetworkArgs,
  type ProjectServicesArgs,
  type ServiceIdentityArgs,
  VpcAccessKind,
} from "@gatehouse/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { IdentityConfig } from "./config.ts";
import type { PhysicalNames } from "./names.ts";

/** The APIs that every part waits for. */
export interface Enabled {
  dependsOn: pulumi.Resource[];
}

/** The guide's five APIs, and those that its steps need without saying so. */
const services = [
  "sqladmin.googleapis.com",
  "redis.googleapis.com",
  "secretmanager.googleapis.com",
  "run.googleapis.com",
  "artifactregistry.googleapis.com",
  "cloudresourcemanager.googleapis.com",
  "compute.googleapis.com",
  "containerscanning.googleapis.com",
  "iam.googleapis.com",
  "monitoring.googleapis.com",
  "servicenetworking.googleapis.com",
  "vpcaccess.googleapis.com",
];

export function projectServicesArgs({ project }: IdentityConfig): ProjectServicesArgs {
  return { project, services };
}

export function privateNetworkArgs(
  { project, region, network }: IdentityConfig,
  names: PhysicalNames,
): PrivateNetworkArgs {
  const { existing, existingServicesCidr, access, connectorCidr, subnetCidr } = network;
  const shared = { project, region, networkName: names.network, existingNetwork: existing, existingServicesCidr };
  return access === VpcAccessKind.Direct
    ? { ...shared, access, subnetCidr }
    : { ...shared, access, connectorCidr, connectorName: names.connector };
}

export function serviceIdentityArgs({ project }: IdentityConfig, { account }: PhysicalNames): ServiceIdentityArgs {
  return { project, accountId: account, displayName: "AF Identity Service", roles: ["roles/cloudsql.client"] };
}

export function registryArgs({ project, region }: IdentityConfig, { registry }: PhysicalNames): ArtifactRegistryArgs {
  return { project, region, repositoryId: registry };
}

export function auditLogArgs({ project }: IdentityConfig): AuditLogArgs {
  return { project, services: ["cloudsql.googleapis.com", "secretmanager.googleapis.com"] };
}
