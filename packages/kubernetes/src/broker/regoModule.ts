/** Outline of a Rego file, read without evaluating it. */
export interface RegoModule {
  /** Path of its package: `atb.poa`; absent without a package line. */
  package: string | undefined;
  /** Names of its rules, in order of first appearance. */
  rules: string[];
  /** Brackets and strings that do not close. */
  faults: RegoFault[];
}

export interface RegoFault {
  message: string;
  /** Text that shows the fault, and its place: `"{" in line 3, column 7`. */
  at: string;
  expected: string;
}

interface Token {
  text: string;
  line: number;
  column: number;
  /** Brackets that are open around it. */
  depth: number;
  /** Whether it is the first of its line. */
  leads: boolean;
}

const closing: Record<string, string> = { "{": "}", "[": "]", "(": ")" };

/** Words that may lead a line at the top level and are not the name of a rule. */
const keywords = new Set(["package", "import", "default", "else", "if", "in", "with", "as", "not", "contains", "some"]);

/** Strings (raw ones may span lines), comments, words with dots, brackets, and any other character. */
const lexeme = /"(?:\\.|[^"\\\n])*"?|`[^`]*`?|#[^\n]*|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*|[{}[\]()]|\n|[^\s]/g;

/**
 * Reads the outline of a Rego file. It accepts whatever OPA accepts; of what OPA refuses, it notices the broken form.
 */
export function readRego(source: string): RegoModule {
  const { tokens, faults } = tokenize(source);
  const top = tokens.filter(({ depth }) => depth === 0);
  const [first, second] = top;
  const names = top.flatMap((token, index) => {
    if (!token.leads) return [];
    const name = token.text === "default" ? top[index + 1]?.text : token.text;
    return name !== undefined && isName(name) ? [name] : [];
  });
  const named = first?.text === "package" && second !== undefined;
  return {
    package: named ? second.text : undefined,
    // The word after `package` stands on its line, or, oddly but rightly, leads the next.
    rules: [...new Set(names)].filter((name) => !(named && name === second.text && second.leads)),
    faults,
  };
}

function isName(text: string): boolean {
  return /^[A-Za-z_]/.test(text) && !keywords.has(text);
}

function tokenize(source: string): { tokens: Token[]; faults: RegoFault[] } {
  const tokens: Token[] = [];
  const faults: RegoFault[] = [];
  const open: Token[] = [];
  let line = 1;
  let lineStart = 0;
  let leads = true;
  for (const match of source.matchAll(lexeme)) {
    const [text] = match;
    const token = { text, line, column: match.index - lineStart + 1, depth: open.length, leads };
    line += text.split("\n").length - 1;
    if (text.includes("\n")) lineStart = match.index + text.lastIndexOf("\n") + 1;
    leads = text === "\n";
    if (leads || text.startsWith("#")) continue;

    if (/^["`]/.test(text) && !isClosed(text)) faults.push(unclosed("the string is not closed", token, text.charAt(0)));
    if (text in closing) open.push(token);
    if (Object.values(closing).includes(text)) faults.push(...close(open, token));
    tokens.push(token);
  }
  const unmatched = open.map((token) => unclosed("the bracket is not closed", token, closing[token.text] ?? ""));
  return { tokens, faults: [...faults, ...unmatched] };
}

function isClosed(text: string): boolean {
  return text.length > 1 && text.endsWith(text.charAt(0)) && !/(^|[^\\])(\\\\)*\\"$/.test(text);
}

function close(open: Token[], token: Token): RegoFault[] {
  const last = open.pop();
  if (!last) return [{ message: "no bracket is open here", at: place(token), expected: "an opening one before it" }];
  const expected = closing[last.text] ?? "";
  if (expected === token.text) return [];
  return [{ message: "the bracket closes another kind", at: place(token), expected: `${expected} for ${place(last)}` }];
}

function unclosed(message: string, token: Token, expected: string): RegoFault {
  return { message, at: place(token), expected };
}

function place({ text, line, column }: Token): string {
  const [firstLine = ""] = text.split("\n");
  const shown = firstLine.length > 40 ? `${firstLine.slice(0, 40)}...` : firstLine;
  return `${shown} in line ${line}, column ${column}`;
}
