/** Renders one value of a setting as a command line takes it. */
export function settingText(value: unknown): string {
  if (value === null) return "none";
  if (Array.isArray(value)) return value.map(settingText).join(",");
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

/** Renders changes of settings, one line each. */
export function changeLines(
  changes: readonly { readonly key: string; readonly from: unknown; readonly to: unknown }[],
): readonly string[] {
  return changes.map(({ key, from, to }) =>
    typeof to === "object" && to !== null && !Array.isArray(to)
      ? `+ ${key} ${JSON.stringify(to)}`
      : `  ${key}: ${shown(from)} → ${shown(to)}`,
  );
}

function shown(value: unknown): string {
  const text = settingText(value);
  return text === "" ? '""' : text;
}
