/** Words that mean an operator of the shell when they stand alone. */
const CONNECTORS: ReadonlySet<string> = new Set(["|", "|&", "||", "&&", ";", "&"]);

/** A redirection, alone (`>`) or glued to its file (`2>/dev/null`, `2>&1`). */
const REDIRECTION = /^(\d*(?:>>|>\||>&|>|<<<|<&|<>|<)|&>>?)(.*)$/s;

const PLAIN_WORD = /^[\w@%+=:,./^-]+$/;
const STARTS_COMMAND: ReadonlySet<string> = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/**
 * Joins the words after `mai exec safe-check` into one line of shell.
 *
 * One word is a whole line as it stands. Of several words each is taken literally, for the caller's shell has
 * already done its work on them. An operator that arrives as a word of its own can only have been quoted on
 * purpose (`safe-check rm -rf / '&&' ls`), so it is read as that operator: read as plain text it would hide the
 * command behind it. It stays text where no operator can stand, and where `find -exec` wants its `;`.
 */
export function joinWords(words: readonly string[]): string {
  const [only] = words;
  if (only !== undefined && words.length === 1) return only;
  const operators = new Set<number>();
  words.forEach((word, index) => {
    if (isOperator(word, { words, index, operators })) operators.add(index);
  });
  return words.map((word, index) => (operators.has(index) ? openOperator(word) : quoteWord(word))).join(" ");
}

interface Place {
  readonly words: readonly string[];
  readonly index: number;
  /** Places of the operators in front. */
  readonly operators: ReadonlySet<number>;
}

function isOperator(word: string, { words, index, operators }: Place): boolean {
  const next = words[index + 1];
  const isFollowed = next !== undefined && !CONNECTORS.has(next);
  if (REDIRECTION.test(word)) return /[^<>&]$/.test(word) || isFollowed;
  if (!CONNECTORS.has(word) || index === 0 || operators.has(index - 1)) return false;
  if (word === ";" && endsFindCommand(words.slice(0, index))) return false;
  return word === ";" || word === "&" || isFollowed;
}

function endsFindCommand(before: readonly string[]): boolean {
  const opened = before.findLastIndex((word) => STARTS_COMMAND.has(word));
  const closed = before.findLastIndex((word) => word === ";" || word === "+");
  return opened >= 0 && closed < opened;
}

function openOperator(word: string): string {
  const [, operator = word, file = ""] = REDIRECTION.exec(word) ?? [];
  return file === "" ? operator : `${operator}${/^(?:\d+|-)$/.test(file) ? file : quoteWord(file)}`;
}

function quoteWord(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
