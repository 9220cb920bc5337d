import { MaiError } from "./errors.ts";
import type { HistoryDraft } from "./events.ts";
import { hasControlCharacter } from "./text.ts";

/** Longest type or status of a note, in characters. */
const MAX_LABEL = 64;
/** How a line begins that was signed by somebody else than the agent it is about. */
const SIGNED = "(by @";

/** A note for the audit log, checked. */
export interface LogNote {
  /** Whom the note is about. */
  readonly agent: string;
  /** Any word; stands where a change has its event name. */
  readonly type: string;
  readonly summary: string;
  /** null for none. */
  readonly status: string | null;
  /** Who writes it. */
  readonly signer: string;
}

/**
 * Checks the type or status of a note: one short line that fits between brackets.
 * @param what names the argument in the message
 * @throws INVALID_NAME
 */
export function noteLabel(text: string, what: string): string {
  const fits = [...text].length <= MAX_LABEL && !/[[\]\t\n]/.test(text) && !hasControlCharacter(text);
  if (text.trim() !== "" && fits) return text;
  throw new MaiError("INVALID_NAME", `${JSON.stringify(text)} cannot be the ${what} of a note.`, {
    hint: `One line of 1 to ${MAX_LABEL} characters without [ and ].`,
  });
}

/**
 * Returns the audit line of a note. One that is signed by another than its agent begins with `(by @signer)`;
 * so does one whose text begins like that, or a text could claim a signer.
 */
export function noteDraft(note: LogNote): HistoryDraft {
  const marked = note.signer !== note.agent || note.summary.trimStart().startsWith(SIGNED);
  return {
    actor: note.agent,
    event: note.type,
    summary: marked ? `${SIGNED}${note.signer}) ${note.summary}` : note.summary,
    ...(note.status === null ? {} : { status: note.status }),
  };
}
