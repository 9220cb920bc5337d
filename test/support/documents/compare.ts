/** What differs from one run or machine to the next, and what stands for it in a comparison. */
const VARIABLE: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)/g, "TIME"],
  [/\b\d{4}-\d\d-\d\d\b/g, "DATE"],
  [/mai-backup-\d{14}-[0-9a-f]{8}/g, "BACKUP"],
  [/(?<!SLA )\b\d+(\.\d+)? ?(ms|[smhd])( \d+[smh])*\b/g, "SPAN"],
  [/\b\d+:\d{4,}\b/g, "DEVICE:INODE"],
  [/; root: \S+$/gm, "; root: NAME"],
  [/\bmai \d+\.\d+\.\d+\S*/g, "mai VERSION"],
  [/^File system: \S+ at \S+$/gm, "File system: TYPE at PATH"],
  [/\(\w+\), SPAN$/gm, "(TYPE), SPAN"],
];

/** Numbers and texts of JSON answers that depend on clock or machine. */
const VARIABLE_KEYS = /^(\w+_)?seconds(_left)?$|^ttl_minutes$|^file_system$|^mount_point$|^version$/;

/** Replaces times, spans, dates and the like, so that texts of two runs can be compared. */
export function withoutVariables(text: string): string {
  return VARIABLE.reduce((left, [pattern, word]) => left.replace(pattern, word), text);
}

/**
 * Says where a JSON answer in a document differs from the real one. A document may shorten: `…` ends a text or a
 * list that goes on, and as a key stands for more of them.
 * @returns a line per difference
 */
export function differences(shown: unknown, real: unknown, at = "answer"): readonly string[] {
  if (typeof shown === "string" && typeof real === "string") return textDifferences(shown, real, at);
  if (Array.isArray(shown) && Array.isArray(real)) return listDifferences(shown, real, at);
  if (isMap(shown) && isMap(real)) return mapDifferences(shown, real, at);
  if (shown === real) return [];
  return [`${at}: the document shows ${JSON.stringify(shown)}, mai answers ${JSON.stringify(real)}`];
}

function textDifferences(shown: string, real: string, at: string): readonly string[] {
  const [one, other] = [withoutVariables(shown), withoutVariables(real)];
  const isRight = one.endsWith("…") ? other.startsWith(one.slice(0, -1)) : one === other;
  return isRight
    ? []
    : [`${at}: the document shows ${JSON.stringify(one)}, mai answers ${JSON.stringify(other)}`];
}

function listDifferences(shown: readonly unknown[], real: readonly unknown[], at: string): readonly string[] {
  const isShortened = shown.at(-1) === "…";
  const entries = isShortened ? shown.slice(0, -1) : shown;
  if (!isShortened && shown.length !== real.length)
    return [`${at}: the document shows ${shown.length} entries, mai answers ${real.length}`];
  return entries.flatMap((entry, index) => differences(entry, real[index], `${at}[${index}]`));
}

type JsonMap = Readonly<Record<string, unknown>>;

function mapDifferences(shown: JsonMap, real: JsonMap, at: string): readonly string[] {
  const missing = "…" in shown ? [] : Object.keys(real).filter((key) => !(key in shown));
  return [
    ...missing.map((key) => `${at}.${key}: mai answers it, the document does not show it`),
    ...Object.keys(shown)
      .filter((key) => key !== "…")
      .flatMap((key) => valueDifferences(shown, real, { at, key })),
  ];
}

function valueDifferences(
  shown: JsonMap,
  real: JsonMap,
  { at, key }: { readonly at: string; readonly key: string },
): readonly string[] {
  if (!(key in real)) return [`${at}.${key}: the document shows it, mai does not answer it`];
  if (VARIABLE_KEYS.test(key) && (shown[key] === null) === (real[key] === null)) return [];
  return differences(shown[key], real[key], `${at}.${key}`);
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
