import { distance } from "fastest-levenshtein";

/** The command line, the project or a file given is wrong: said in one message, without a stack trace. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** " (did you mean X?)" for the known text nearest to the given one, or "" if none is near. */
export function didYouMean(given: string, known: Iterable<string>): string {
  let best: { text: string; edits: number } | undefined;
  for (const text of known) {
    const edits = distance(given, text);
    if (best === undefined || edits < best.edits) best = { text, edits };
  }
  return best !== undefined && best.edits <= Math.max(2, given.length / 2) ? ` (did you mean "${best.text}"?)` : "";
}
