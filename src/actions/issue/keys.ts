import { parseJsonObject } from "../../codec/json.ts";
import { MaiError } from "../../domain/errors.ts";
import { checkText } from "../../domain/text.ts";
import type { FileEdit } from "../../store/change/change-set.ts";
import { sha256 } from "../../store/digest.ts";
import { KEYS_DIRECTORY } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";

/** A command that acts once per key: which one, for whom. */
export interface KeyedCommand {
  readonly key: string | null;
  readonly command: string;
  readonly operator: string;
}

/**
 * Returns what the key made the first time, null when it is new.
 * @throws ALREADY_EXISTS when the key belongs to another command or operator
 */
export function answerOfKey<Answer>(view: ProjectView, keyed: KeyedCommand): Answer | null {
  if (keyed.key === null) return null;
  const text = view.read(keyPath(keyed.key));
  if (text === null) return null;
  const stored = parseJsonObject(text);
  if (stored?.command === keyed.command && stored.operator === keyed.operator) return stored.answer as Answer;
  throw new MaiError(
    "ALREADY_EXISTS",
    `The key ${JSON.stringify(keyed.key)} was used by ${stored?.operator} for ${stored?.command}.`,
    {
      hint: "Use a key of its own for each thing that you do.",
      fields: { key: keyed.key },
    },
  );
}

/** Returns the file that remembers the answer under the key; none without a key. */
export function keyFiles(keyed: KeyedCommand, answer: unknown): readonly FileEdit[] {
  if (keyed.key === null) return [];
  const { command, operator } = keyed;
  return [{ path: keyPath(keyed.key), text: `${JSON.stringify({ command, operator, answer })}\n` }];
}

function keyPath(key: string): string {
  return `${KEYS_DIRECTORY}/${sha256(checkText(key, "key"))}`;
}
