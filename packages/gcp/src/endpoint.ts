import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentArgs } from "./run/environment.ts";

/** Where a container on Cloud Run reaches another service: give it to its `connectsTo`. */
export interface Endpoint {
  /** What it is, for messages. */
  name: string;
  /** Variables that carry the address and the credentials. */
  environment: EnvironmentArgs;
  /**
   * Connection name of a Cloud SQL instance whose socket is mounted under `/cloudsql`.
   * @default none
   */
  cloudSqlInstance?: pulumi.Input<string>;
}
