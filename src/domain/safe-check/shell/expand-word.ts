import { forEachChild, type Script, type SyntaxNode, type Word, type WordPart } from "unbash";
import { fileKey } from "../paths.ts";
import { readScript } from "../readable.ts";
import { expandBraces } from "./brace-expansion.ts";
import { expandParameter } from "./expand-parameter.ts";
import { isOver, openInner, report, type Shell, spend } from "./shell.ts";
import { concat, literal, NOTHING, UNSET, unknown, type Value } from "./value.ts";
import { readOrStop, readScalar } from "./variables.ts";

/** A piece of a word: quoted text stays whole, unquoted text from an expansion is split into fields. */
interface Piece {
  readonly values: readonly Value[];
  readonly isSplit: boolean;
}

/** Expands a word into the fields that a command would see; runs of unknown text stay as marks. */
export function expandWord(word: Word, shell: Shell): readonly Value[] {
  spend(shell, 1 + word.text.length / 64);
  if (isOver(shell)) return [];
  const parts = word.parts;
  if (parts === undefined) return [literal(word.value)];
  if (parts.some((part) => part.type === "BraceExpansion")) return expandBraceWord(word, shell);
  return joinPieces(
    parts.map((part) => expandPart(part, shell)),
    shell,
  );
}

/** Expands a word into one text, as an assignment or a redirection does. */
export function expandText(word: Word, shell: Shell): Value {
  return concat(expandWord(word, shell), " ");
}

/** Expands the parts of a here-document's body. */
export function expandParts(parts: readonly WordPart[], shell: Shell): Value {
  return concat(parts.flatMap((part) => expandPart(part, shell).values));
}

/** Follows every substitution inside a node that is no word of a command (a test, arithmetic, a pattern). */
export function followSubstitutions(node: SyntaxNode, shell: Shell): void {
  const open: SyntaxNode[] = [node];
  for (let next = open.pop(); next !== undefined && !isOver(shell); next = open.pop()) {
    spend(shell, 1);
    if ("script" in next) captureOutput(next.script, shell);
    else forEachChild(next, (child) => open.push(child));
  }
}

function expandPart(part: WordPart, shell: Shell): Piece {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return whole(literal(part.value));
    case "DoubleQuoted":
    case "LocaleString":
      return expandQuoted(part.parts, shell);
    case "SimpleExpansion":
      return { values: readOrStop(part.text.slice(1), shell), isSplit: true };
    case "ParameterExpansion":
      return { values: expandParameter(part, { shell, expandText }), isSplit: true };
    case "CommandExpansion":
      return { values: [captureOutput(part.script, shell)], isSplit: true };
    case "ProcessSubstitution":
      return whole(openPipeFile(part.script, shell));
    case "ArithmeticExpansion":
      followSubstitutions(part, shell);
      return whole(unknown());
    default:
      followSubstitutions(part, shell);
      return whole(literal(part.text));
  }
}

function whole(value: Value): Piece {
  return { values: [value], isSplit: false };
}

/** `"$@"` and `"${a[@]}"` are several fields even inside quotes; all else is one. */
function expandQuoted(parts: readonly WordPart[], shell: Shell): Piece {
  const pieces = parts.map((part) => expandPart(part, shell));
  const only = pieces.length === 1 ? pieces[0] : undefined;
  if (only !== undefined && only.values.length !== 1) return { values: only.values, isSplit: false };
  return whole(concat(pieces.map((piece) => concat(piece.values, " "))));
}

function captureOutput(script: Script | undefined, shell: Shell): Value {
  if (script === undefined) return NOTHING;
  const inner = openInner(shell, { source: script.source ?? shell.source });
  if (!isOver(shell)) shell.inspection.follow(script, inner);
  return { ...inner.output, text: inner.output.text.replace(/\n+$/, "") };
}

/** Gives `<(…)` a path that no file has, and remembers what can be read there. */
function openPipeFile(script: Script | undefined, shell: Shell): Value {
  const content = captureOutput(script, shell);
  const path = `/dev/fd/pipe-${shell.files.size}`;
  shell.files.set(fileKey(path, "."), content);
  return { text: path, origins: content.origins };
}

function expandBraceWord(word: Word, shell: Shell): readonly Value[] {
  const alternatives = expandBraces(word.text);
  if (alternatives === undefined) {
    report(shell, { rule: "unreadable", subject: "braces that become too many words" }, word.text);
    return [];
  }
  return alternatives.flatMap((text) => expandAlternative(text, shell));
}

function expandAlternative(text: string, shell: Shell): readonly Value[] {
  if (text === "") return [];
  const source = `: ${text}`;
  const command = readScript(source)?.commands[0]?.command;
  const word = command?.type === "Command" ? command.args[0] : undefined;
  if (word === undefined || word.type !== "Word") return [literal(text)];
  const isSequence = word.parts?.some((part) => part.type === "BraceExpansion") ?? false;
  return isSequence ? [literal(text.replace(/\{[^{}]*\}/g, UNSET))] : expandWord(word, { ...shell, source });
}

function joinPieces(pieces: readonly Piece[], shell: Shell): readonly Value[] {
  const separators = readScalar("IFS", shell).text;
  const fields: Value[] = [];
  let current: Value[] = [];
  const close = () => {
    if (current.length > 0) fields.push(concat(current));
    current = [];
  };
  for (const piece of pieces) {
    const texts = piece.isSplit
      ? piece.values.flatMap((value) => splitFields(value, separators))
      : piece.values;
    const length = texts.reduce((sum, text) => sum + text.text.length, 0);
    spend(shell, texts.length + length / 64);
    if (isOver(shell)) return [];
    texts.forEach((text, index) => {
      if (index > 0) close();
      if (text.text !== "" || !piece.isSplit) current.push(text);
    });
  }
  close();
  return fields;
}

/** Splits at separators; a leading or trailing one leaves an empty text, which ends the field beside it. */
function splitFields(value: Value, separators: string): readonly Value[] {
  const fields: string[] = [];
  let from = 0;
  for (let at = 0; at <= value.text.length; at++) {
    if (at < value.text.length && !separators.includes(value.text[at] ?? "")) continue;
    if (at > from || at === 0 || at === value.text.length) fields.push(value.text.slice(from, at));
    from = at + 1;
  }
  return fields.map((text) => ({ text, origins: value.origins }));
}
