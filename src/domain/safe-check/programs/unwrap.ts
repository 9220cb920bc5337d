import { isKnown, UNKNOWN, UNSET, unknown, type Value } from "../shell/value.ts";
import { type Call, withWords } from "./call.ts";
import { WRAPPERS, type Wrapper } from "./wrappers.ts";

/** Finds the command that a call starts by its own arguments (`sudo`, `env`, `timeout 5`, `xargs`). */
export function unwrapCall(call: Call): Call | undefined {
  const found = findWrapper(call);
  if (found === undefined) return withoutUnset(call);
  const inner = skipToCommand(found.rest, found.wrapper);
  if (inner === undefined || inner.length === 0) return undefined;
  return withWords(call, completeWords(call, inner));
}

function findWrapper(call: Call): { readonly wrapper: Wrapper; readonly rest: readonly Value[] } | undefined {
  const words = [call.name, ...call.args.slice(0, 2).map((arg) => arg.text)];
  for (let length = words.length; length > 0; length--) {
    const key = words.slice(0, length).join(" ");
    if (Object.hasOwn(WRAPPERS, key))
      return { wrapper: WRAPPERS[key] ?? {}, rest: call.args.slice(length - 1) };
  }
  return undefined;
}

/** `$SUDO rm -rf /`: an unset first word is dropped, and a set one is most likely such a wrapper. */
function withoutUnset(call: Call): Call | undefined {
  const isUnset =
    call.words.length > 1 && new RegExp(`^[${UNSET}${UNKNOWN}]+$`).test(call.words[0]?.text ?? "");
  return isUnset ? withWords(call, call.args) : undefined;
}

function skipToCommand(args: readonly Value[], wrapper: Wrapper): readonly Value[] | undefined {
  const idle = wordSet(wrapper.idle);
  let toSkip = wrapper.skip ?? 0;
  for (let at = 0; at < args.length; at++) {
    const text = args[at]?.text ?? "";
    if (idle.has(text.split("=")[0] ?? "")) return undefined;
    if (text === "--") return args.slice(at + 1 + toSkip);
    const taken = wordsTaken(text, wrapper);
    if (taken === 0 && toSkip-- <= 0) return args.slice(at);
    at += Math.max(0, taken - 1);
  }
  return undefined;
}

/** Counts the words that an option takes, itself included; none for a word that is no option. */
function wordsTaken(text: string, wrapper: Wrapper): number {
  const valued = wordSet(wrapper.valued);
  if (valued.has(text) || valued.has(lastLetter(text))) return 2;
  return /^-./.test(text) || (wrapper.assigns && /^[A-Za-z_]\w*=/.test(text)) ? 1 : 0;
}

function wordSet(words = ""): ReadonlySet<string> {
  return new Set(words.split(" ").filter((word) => word !== ""));
}

/** `-Eu` takes a value when `-u` does. */
function lastLetter(text: string): string {
  return /^-[A-Za-z]{2,}$/.test(text) ? `-${text.at(-1)}` : "";
}

/** `xargs` and `parallel` add words that they read, or put them in the place of `{}`. */
function completeWords(call: Call, inner: readonly Value[]): readonly Value[] {
  if (call.name !== "xargs" && call.name !== "parallel") return inner;
  const marks = inner.findIndex((word) => /^:{3,4}\+?$/.test(word.text));
  const command = marks < 0 ? inner : inner.slice(0, marks);
  const added = marks < 0 ? wordsRead(call.stdin) : inner.slice(marks + 1);
  const place = placeholderOf(call);
  if (!command.some((word) => word.text.includes(place))) return [...command, ...added];
  return command.flatMap((word) =>
    word.text.includes(place) ? added.map((value) => fill(word, { place, value })) : [word],
  );
}

function wordsRead(stdin: Value): readonly Value[] {
  if (!isKnown(stdin.text) || stdin.text === "") return [unknown(stdin.origins)];
  return stdin.text
    .split(/[\s\0]+/)
    .filter((text) => text !== "")
    .slice(0, 1_000)
    .map((text) => ({ text, origins: stdin.origins }));
}

function placeholderOf(call: Call): string {
  const index = call.args.findIndex((arg) => /^(?:-I|-i$|--replace)/.test(arg.text));
  const option = call.args[index]?.text ?? "";
  if (/^(?:-i|--replace)$/.test(option)) return "{}";
  const attached = option.startsWith("--") ? option.slice("--replace=".length) : option.slice(2);
  return index < 0 ? "{}" : attached || call.args[index + 1]?.text || "{}";
}

function fill(word: Value, how: { readonly place: string; readonly value: Value }): Value {
  return {
    text: word.text.replaceAll(how.place, how.value.text),
    origins: [...word.origins, ...how.value.origins],
  };
}
