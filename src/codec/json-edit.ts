/** One member of an object in a JSON text; places are offsets. */
interface Member {
  readonly key: string;
  /** Of the key's first quote. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** An object in a JSON text: its braces, and what stands between them. */
interface JsonObject {
  readonly start: number;
  readonly end: number;
  readonly members: readonly Member[];
}

const SPACE = /[ \t\n\r]*/y;
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
/** A string, a bracket, or anything up to the next of these. */
const PIECE = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]|[^"{}[\],]+/y;

/**
 * Sets one value in a JSON text, or takes it out (undefined), and leaves every other byte as it is: layout, numbers
 * beyond what JavaScript can hold, keys that mai does not know.
 * @param text a sound JSON object
 * @param edit.path keys from the top; objects that are missing on the way are made
 */
export function editJson(
  text: string,
  edit: { readonly path: readonly string[]; readonly value: unknown },
): string {
  const style = layoutOf(text);
  let object = objectAt(text, skip(SPACE, text, 0));
  for (const [depth, key] of edit.path.entries()) {
    const rest = edit.path.slice(depth + 1);
    const member = object?.members.findLast((entry) => entry.key === key);
    if (object === null) break;
    if (member === undefined) {
      return edit.value === undefined
        ? text
        : insert(text, object, { key, value: nested(rest, edit.value) }, style);
    }
    const inner = objectAt(text, member.valueStart);
    if (rest.length > 0 && inner !== null) {
      object = inner;
      continue;
    }
    if (rest.length > 0 && edit.value === undefined) return text;
    // A key that stands twice counts by its last; taken out, all of them go.
    if (edit.value === undefined) return editJson(remove(text, object, member), edit);
    const value = rendered(nested(rest, edit.value), indentAt(text, member.start), style);
    return text.slice(0, member.valueStart) + value + text.slice(member.end);
  }
  return text;
}

function objectAt(text: string, start: number): JsonObject | null {
  if (text[start] !== "{") return null;
  const members: Member[] = [];
  let at = skip(SPACE, text, start + 1);
  while (text[at] === '"') {
    const keyEnd = skip(STRING, text, at);
    const valueStart = skip(SPACE, text, skip(SPACE, text, keyEnd) + 1);
    const end = endOfValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(at, keyEnd)), start: at, valueStart, end });
    at = skip(SPACE, text, end);
    if (text[at] === ",") at = skip(SPACE, text, at + 1);
  }
  return { start, end: at + 1, members };
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const next = skip(PIECE, text, at);
    const first = text[at] ?? "";
    if (depth === 0 && "]},".includes(first)) return start + text.slice(start, at).trimEnd().length;
    if (first === "{" || first === "[") depth += 1;
    if (first === "}" || first === "]") depth -= 1;
    if (depth === 0 && first !== undefined && '"}]'.includes(first)) return next;
    at = next;
  }
  return text.length;
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return Math.max(at, pattern.lastIndex);
}

function insert(
  text: string,
  object: JsonObject,
  entry: { readonly key: string; readonly value: unknown },
  style: Layout,
): string {
  const last = object.members.at(-1);
  if (last === undefined) {
    const outer = indentAt(text, object.start);
    const body = `${JSON.stringify(entry.key)}${style.colon}${rendered(entry.value, outer + style.unit, style)}`;
    const inside = style.unit === "" ? body : `\n${outer}${style.unit}${body}\n${outer}`;
    return `${text.slice(0, object.start)}{${inside}}${text.slice(object.end)}`;
  }
  const gap = /[ \t\n\r]*$/.exec(text.slice(0, last.start))?.[0] || style.colon.slice(1);
  const value = rendered(entry.value, gap.slice(gap.lastIndexOf("\n") + 1), style);
  return `${text.slice(0, last.end)},${gap}${JSON.stringify(entry.key)}${style.colon}${value}${text.slice(last.end)}`;
}

function remove(text: string, object: JsonObject, member: Member): string {
  const index = object.members.indexOf(member);
  const before = object.members[index - 1];
  const next = object.members[index + 1];
  if (next !== undefined) return text.slice(0, member.start) + text.slice(next.start);
  if (before !== undefined) return text.slice(0, before.end) + text.slice(member.end);
  return `${text.slice(0, object.start)}{}${text.slice(object.end)}`;
}

/** How a text is laid out: one step of indent (empty for all on one line), and what stands after a key. */
interface Layout {
  readonly unit: string;
  readonly colon: string;
}

function layoutOf(text: string): Layout {
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? (text.includes(":") ? "" : "  ");
  return { unit, colon: unit === "" && !/": /.test(text) ? ":" : ": " };
}

function indentAt(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

function rendered(value: unknown, indent: string, style: Layout): string {
  return JSON.stringify(value, null, style.unit).replaceAll("\n", () => `\n${indent}`);
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight((inner, key) => ({ [key]: inner }), value);
}
