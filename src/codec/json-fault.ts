const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)))/y;

/** What may stand next in a JSON text. */
type Expected = "value" | "first value" | "key" | "first key" | "colon" | "separator" | "end";

const IN_WORDS: Readonly<Record<Expected, string>> = {
  value: "a value",
  "first value": "a value or ]",
  key: "a key in double quotes",
  "first key": "a key in double quotes or }",
  colon: "a colon",
  separator: "a comma or the closing bracket",
  end: "nothing more",
};

/** Says where a text stops being JSON and what should stand there, such as `line 3, column 5: a colon`; null when it is JSON. */
export function jsonFault(text: string): string | null {
  const open: string[] = [];
  let expected: Expected = "value";
  for (let at = 0; ; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const next: Expected | null = match === null ? null : after(match, expected, open);
    if (match === null || next === null) return atEnd(text, at, expected) ? null : place(text, at, expected);
    expected = next;
    at = TOKEN.lastIndex;
  }
}

/** @returns what may follow this token, null when the token may not stand here */
function after(match: RegExpExecArray, expected: Expected, open: string[]): Expected | null {
  const [, mark, string] = match;
  switch (expected) {
    case "colon":
      return mark === ":" ? "value" : null;
    case "separator":
      return afterSeparator(mark, open);
    case "first key":
      return mark === "}" ? closed(open) : afterKey(string);
    case "key":
      return afterKey(string);
    case "first value":
      return mark === "]" ? closed(open) : afterValue(mark, open);
    case "value":
      return afterValue(mark, open);
    case "end":
      return null;
  }
}

function afterKey(string: string | undefined): Expected | null {
  return string === undefined ? null : "colon";
}

/** A bracket opens; a text, number or word is a value of its own. */
function afterValue(mark: string | undefined, open: string[]): Expected | null {
  if (mark === undefined) return open.length === 0 ? "end" : "separator";
  if (mark !== "{" && mark !== "[") return null;
  open.push(mark);
  return mark === "{" ? "first key" : "first value";
}

function afterSeparator(mark: string | undefined, open: string[]): Expected | null {
  const inObject = open.at(-1) === "{";
  if (mark === ",") return inObject ? "key" : "value";
  return mark === (inObject ? "}" : "]") ? closed(open) : null;
}

function closed(open: string[]): Expected {
  open.pop();
  return open.length === 0 ? "end" : "separator";
}

function atEnd(text: string, at: number, expected: Expected): boolean {
  return expected === "end" && /^[ \t\n\r]*$/.test(text.slice(at));
}

function place(text: string, at: number, expected: Expected): string {
  const before = text.slice(0, at + (/^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0));
  const line = before.split("\n").length;
  const column = before.length - before.lastIndexOf("\n");
  return `line ${line}, column ${column}: ${IN_WORDS[expected]} should stand here`;
}
