const CONTROLS = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Writes a document: one line, or indented for a terminal. Every control character is escaped. */
export function formatJson(
  document: Readonly<Record<string, unknown>>,
  layout: "compact" | "indented",
): string {
  const text = JSON.stringify(document, null, layout === "indented" ? 2 : undefined);
  return text.replace(
    CONTROLS,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
