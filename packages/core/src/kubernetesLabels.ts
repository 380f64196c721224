import { physicalName } from "./values/names.ts";

/** Values of the recommended labels of a Kubernetes object. */
export interface RecommendedLabels {
  /** The application: `shield`. */
  name: string;
  /**
   * Which installation of the application: `shield-prod`.
   *
   * @default no such label
   */
  instance?: string;
  /**
   * The application's version: `2.1.0`.
   *
   * @default no such label
   */
  version?: string;
  /**
   * The object's part in the architecture: `server`, `database`.
   *
   * @default no such label
   */
  component?: string;
  /**
   * The larger application that this is part of.
   *
   * @default no such label
   */
  partOf?: string;
  /**
   * The tool that manages the object.
   *
   * @default "pulumi"
   */
  managedBy?: string;
}

/**
 * The labels that Kubernetes recommends for every object. A value over the limit of 63 characters is shortened with a
 * hash.
 *
 * Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 *
 * @throws InputError if a value has characters that a label cannot hold.
 */
export function recommendedLabels(args: RecommendedLabels): Record<string, string> {
  const values = {
    name: args.name,
    instance: args.instance,
    version: args.version,
    component: args.component,
    "part-of": args.partOf,
    "managed-by": args.managedBy ?? "pulumi",
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([label, value]) =>
      value === undefined ? [] : [[`app.kubernetes.io/${label}`, physicalName("kubernetes:LabelValue", value)]],
    ),
  );
}
