import type { Reference } from "../cluster/kubernetesApi.ts";

/** A stack whose life is told. */
export interface Life {
  stack: string;
  /** The folder of a program of its own, in place of the project. */
  program?: string;
  /** The namespace of what is on Kubernetes. */
  namespace?: string;
  /** What answers requests. */
  services: Service[];
  release: Release;
  /** Other changes of config, and the steps that each takes. */
  changes: { name: string; config: string[]; steps: string[] }[];
  drifts: Drift[];
  guarded?: Guard;
  /** What a destroy leaves on purpose. */
  retained: string[];
}

/** An object of the cluster or of a cloud. */
export type Place = Reference | CloudPlace;

export interface CloudPlace {
  type: string;
  /** The name that the program gives it. */
  name: string;
}

export interface Service {
  object: Place;
  /** The number of pods that its autoscaler is made to want, if it has one. */
  scaledTo?: number;
}

/** A new version, and how it comes into service. */
export interface Release {
  /** Config of a version; what images are pinned by ends in it. */
  config: (version: string) => string[];
  /** The steps to it, in their order. */
  steps: string[];
  /** What fails first if the version is no good, and what the user is told then. */
  failure: { of: string; says: RegExp[] };
}

/** A change that somebody makes by hand. */
export interface Drift {
  name: string;
  object: Place;
  /** JSON merge patch. */
  patch: Record<string, unknown>;
  /** How it is shown; what only the cloud says of an object is no drift. */
  shows?: RegExp;
  /** The steps of an update that looks first: they take it back, or follow what is the cloud's to say. */
  steps: string[];
}

/** What keeps a destroy from what must not be deleted just so. */
export interface Guard {
  /** What the destroy says. */
  says: RegExp;
  /** The config that gives it up. */
  lift: string[];
}

export function deployment(namespace: string, name: string): Reference {
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { namespace, name } };
}
