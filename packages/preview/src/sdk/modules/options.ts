import type { Recorder } from "../../record/recorder.ts";

export interface SdkOptions {
  project: string;
  stack: string;
  organization: string;
  recorder: Recorder;
  /** The program's text for the user. `urn` comes from a resource that it is about, once that has one. */
  log(severity: "info" | "warning" | "error", message: string, urn?: Promise<string>): void;
  /** A secret that the program makes, before it goes anywhere. */
  seeSecret(value: unknown): void;
  onRegistered(): void;
}

/** Promises and Outputs that a program still waits for at its end. */
export interface Pending {
  /** A resource's type and name, or what else it is. */
  subject: string;
  waitsFor: string;
}

export interface Sdk {
  /** Runs the program named in `process.argv`, as Pulumi's language host would. */
  run(): void;
  pending(): Pending[];
}
