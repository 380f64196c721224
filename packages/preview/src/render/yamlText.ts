import { Document, Scalar, visit } from "yaml";

/** Octal in YAML 1.2 only, so `yaml` leaves it plain in a 1.1 document. */
const newOctal = /^[-+]?0o[0-7]+$/;
/** In a block, Go's reader takes such a tab for indentation and refuses the document. */
const leadingTab = /^[\n ]*\t/;
/** Line breaks of YAML 1.1 and characters that it does not take as they are. `yaml` writes all of them as they are. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

/** The value as YAML that readers of versions 1.1 (kubectl, Argo CD, Flux) and 1.2 read back as the same. */
export function yamlText(value: unknown): string {
  // In YAML 1.1, "yes" and "12:30" are not strings unless they are quoted.
  const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value !== "string") return;
      if ([newOctal, leadingTab, unprintable].some((pattern) => pattern.test(String(node.value)))) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return (
    document
      .toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER })
      .replace(/^%YAML 1\.1\n---\n/, "")
      // These now stand in double quotes only, where an escape says the same.
      .replace(new RegExp(unprintable, "g"), escape)
  );
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
