import type { CustomTimeouts } from "../graph/graph.ts";
import type { Hint, WireObject } from "./wire.ts";

/** A resource that a program registers. */
export interface Registration {
  type: string;
  name: string;
  /** URN, or "" for a resource without a parent. */
  parent: string;
  custom: boolean;
  remote: boolean;
  inputs: WireObject;
  hints: Record<string, Hint>;
  /** "URN::id", or "" for the default provider. */
  provider: string;
  dependencies: string[];
  propertyDependencies: [key: string, urns: string[]][];
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith: string;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  customTimeouts: CustomTimeouts;
  /** Of a provider: names of its environment variables by the variables that their values come from. */
  envVarMappings?: Record<string, string>;
  version: string;
  pluginDownloadUrl: string;
  packageRef: string;
}

/** Another URN of a resource: given, or by what differs from the resource's own. */
export type Alias =
  string | { name: string; type: string; stack: string; project: string; parent: string; noParent: boolean };

/** A read of something that exists. */
export interface Read extends Pick<
  Registration,
  | "type"
  | "name"
  | "parent"
  | "inputs"
  | "hints"
  | "provider"
  | "dependencies"
  | "additionalSecretOutputs"
  | "version"
  | "pluginDownloadUrl"
  | "packageRef"
> {
  id: string;
}

/** The answer to a registration or a read. */
export interface Answer {
  urn: string;
  /** "" while unknown. */
  id: string;
  outputs: WireObject;
}

/** The engine refuses what the program asks for. */
export class Refusal extends Error {
  readonly urn: string;

  constructor(urn: string, message: string) {
    super(message);
    this.urn = urn;
  }
}
