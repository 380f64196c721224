/**
 * Shape of one value, in the vocabulary of JSON Schema. An empty shape allows anything.
 *
 * https://json-schema.org/draft/2020-12/json-schema-validation
 */
export interface ArgsShape {
  type?: "string" | "number" | "boolean" | "array" | "object";
  /** Allowed texts. */
  enum?: string[];
  /** Name of another shape of the same schema. */
  $ref?: string;
  /** Shape of a list's elements. */
  items?: ArgsShape;
  /** Members of an object, by name. */
  properties?: Record<string, ArgsShape>;
  /** Members that an object must have. */
  required?: string[];
  /** Shape of the values of a map with free keys. */
  additionalProperties?: ArgsShape;
  /** The value may be an Output or a promise of the shape. */
  input?: true;
}

/** Shapes of a package's argument interfaces, by the interface's name. Generated from the interfaces. */
export type ArgsSchema = Record<string, ArgsShape>;
