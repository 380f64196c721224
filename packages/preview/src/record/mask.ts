const replacement = "[secret]";
/** Shorter texts are in too many words to be masked; the engine leaves them alone as well. */
const shortest = 3;

/** Masks secrets in a text, in the encodings that they are commonly printed in. */
export class Mask {
  readonly #texts = new Set<string>();
  #pattern: RegExp | undefined;

  add(secret: string): void {
    const base64 = Buffer.from(secret).toString("base64");
    const forms = [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(Buffer.from(secret).toString()),
      base64,
      base64.replace(/=+$/, ""),
      // Lines of a key or certificate are indented and cut as they are printed.
      ...secret.split("\n").filter((line) => line.trim().length >= 8),
    ];
    for (const form of forms) {
      if (form.length >= shortest) this.#texts.add(form);
    }
    this.#pattern = undefined;
  }

  apply(text: string): string {
    if (this.#texts.size === 0) return text;
    // The longest first: a secret may hold another one.
    this.#pattern ??= new RegExp(
      [...this.#texts]
        .sort((a, b) => b.length - a.length)
        .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"))
        .join("|"),
      "g",
    );
    return text.replace(this.#pattern, replacement);
  }
}
