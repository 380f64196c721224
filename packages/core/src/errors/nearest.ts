import { distance } from "fastest-levenshtein";

/**
 * The known word that was probably meant, for "did you mean"; undefined if none is reasonably near. Of equally near
 * ones it is the first.
 */
export function nearest(given: string, known: Iterable<string>): string | undefined {
  let best: { word: string; edits: number } | undefined;
  for (const word of known) {
    const longest = Math.max(given.length, word.length);
    // Two edits, because exchanging two letters counts as two; in a very short word they would match anything.
    const limit = longest < 4 ? Math.min(1, longest - 1) : Math.max(2, Math.floor(longest * 0.4));
    const edits = distance(given.toLowerCase(), word.toLowerCase());
    if (edits <= limit && edits < (best?.edits ?? Infinity)) best = { word, edits };
  }
  return best?.word;
}
