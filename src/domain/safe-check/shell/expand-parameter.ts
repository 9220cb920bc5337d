import type { ParameterExpansionPart, ParameterOperation, Word } from "unbash";
import type { Shell } from "./shell.ts";
import { concat, isKnown, literal, NOTHING, UNKNOWN, UNSET, unknown, type Value } from "./value.ts";
import { assign, readOrStop, readScalar } from "./variables.ts";

/** How a word inside an expansion (`${x:-WORD}`) becomes one text; passed in, because words expand parameters. */
export type ExpandText = (word: Word, shell: Shell) => Value;

interface Operand {
  readonly name: string;
  readonly shell: Shell;
  readonly expandText: ExpandText;
}

/** Expands `${…}`: what the line itself tells about the value, else unset or unknown. */
export function expandParameter(
  part: ParameterExpansionPart,
  context: { readonly shell: Shell; readonly expandText: ExpandText },
): readonly Value[] {
  const { shell } = context;
  if (part.prefix === "#") return [unknown()];
  const name = part.prefix === "!" ? readScalar(part.parameter, shell).text : part.parameter;
  if (part.operation === undefined) return readIndexed({ name, index: part.index, shell });
  return [applyOperation(part.operation, { name, ...context })];
}

function readIndexed(from: {
  readonly name: string;
  readonly index: Word | undefined;
  readonly shell: Shell;
}): readonly Value[] {
  const values = readOrStop(from.name, from.shell);
  const index = from.index?.value;
  if (index === undefined) return from.name === "@" || from.name === "*" ? values : values.slice(0, 1);
  if (index === "@" || index === "*") return values;
  return /^\d+$/.test(index) ? [values[Number(index)] ?? NOTHING] : [unknown()];
}

function applyOperation(operation: ParameterOperation, operand: Operand): Value {
  const value = readScalar(operand.name, operand.shell);
  switch (operation.type) {
    case "Default":
      return applyDefault(operation, { ...operand, value });
    case "Replace":
      return replaceIn(value, {
        pattern: operand.expandText(operation.pattern, operand.shell),
        replacement: operand.expandText(operation.replacement, operand.shell),
        all: operation.operator === "//",
      });
    case "CaseModification":
      return changeCase(value, operation.operator);
    case "Slice":
      return slice(value, [operation.offset.value, operation.length?.value]);
    case "Remove":
      return removeAffix(value, {
        affix: operand.expandText(operation.operand, operand.shell).text,
        operator: operation.operator,
      });
    default:
      return isEmptyOrUnset(value) ? value : unknown(value.origins);
  }
}

function applyDefault(
  operation: ParameterOperation & { readonly type: "Default" },
  operand: Operand & { readonly value: Value },
): Value {
  const fallback = operand.expandText(operation.operand, operand.shell);
  const isUnset = isEmptyOrUnset(operand.value);
  if (operation.operator.endsWith("?")) {
    if (isUnset && operation.operator === ":?")
      assign(operand.shell, { name: operand.name, values: [unknown()] });
    return isUnset ? unknown() : operand.value;
  }
  if (operation.operator.endsWith("+")) return isUnset ? unknown() : fallback;
  if (!isUnset) return operand.value;
  if (operation.operator.endsWith("=")) assign(operand.shell, { name: operand.name, values: [fallback] });
  return fallback;
}

function isEmptyOrUnset(value: Value): boolean {
  return value.text === "" || value.text === UNSET;
}

function replaceIn(
  value: Value,
  how: { readonly pattern: Value; readonly replacement: Value; readonly all: boolean },
): Value {
  const isLiteral = isKnown(value.text) && !/[*?[]/.test(how.pattern.text) && how.pattern.text !== "";
  if (!isLiteral) return isEmptyOrUnset(value) ? value : unknown(value.origins);
  const pieces = value.text.split(how.pattern.text);
  if (how.all) return concat([literal(pieces.join(how.replacement.text)), { ...value, text: "" }]);
  const [first = "", ...rest] = pieces;
  const text = rest.length === 0 ? first : first + how.replacement.text + rest.join(how.pattern.text);
  return { ...value, text };
}

function changeCase(value: Value, operator: string): Value {
  const isUpper = operator.startsWith("^");
  const change = (text: string) => (isUpper ? text.toUpperCase() : text.toLowerCase());
  const text =
    operator.length > 1 ? change(value.text) : change(value.text.slice(0, 1)) + value.text.slice(1);
  return { ...value, text };
}

function slice(value: Value, bounds: readonly (string | undefined)[]): Value {
  const [offset = 0, length] = bounds.map((bound) => (bound === undefined ? undefined : Number(bound)));
  if (!isKnown(value.text) || !Number.isInteger(offset)) return unknown(value.origins);
  const start = offset < 0 ? value.text.length + offset : offset;
  if (length === undefined) return { ...value, text: value.text.slice(start) };
  if (!Number.isInteger(length)) return unknown(value.origins);
  return { ...value, text: value.text.slice(start, length < 0 ? length : start + length) };
}

function removeAffix(value: Value, how: { readonly affix: string; readonly operator: string }): Value {
  if (isEmptyOrUnset(value)) return value;
  const { affix, operator } = how;
  if (/^\/\*+$/.test(affix) && operator.startsWith("%")) return removeLastParts(value, operator);
  if (!isKnown(value.text) || /[*?[]/.test(affix)) return unknown(value.origins);
  if (operator.startsWith("#"))
    return value.text.startsWith(affix) ? { ...value, text: value.text.slice(affix.length) } : value;
  return value.text.endsWith(affix)
    ? { ...value, text: value.text.slice(0, -affix.length || undefined) }
    : value;
}

/** `${HOME%/*}` is the directory above, `${HOME%%/*}` is empty. */
function removeLastParts(value: Value, operator: string): Value {
  const isAll = operator === "%%";
  if (value.text === ".") return { ...value, text: isAll ? "" : ".." };
  const text = value.text.replace(/^~(?=\/|$)/, `/home/${UNKNOWN}`);
  const slash = isAll ? text.indexOf("/") : text.lastIndexOf("/");
  if (slash < 0) return isKnown(text) ? value : unknown(value.origins);
  return { ...value, text: text.slice(0, slash) };
}
