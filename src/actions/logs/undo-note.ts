import type { Outcome } from "../../domain/outcome.ts";
import { notANote, undoableNote } from "../../domain/undo-note.ts";
import { changeProject } from "../../store/change/change-project.ts";
import { recentEvents } from "../../store/logs/recent-events.ts";
import { historyPath } from "../../store/project-paths.ts";
import { currentSequence } from "../../store/reading/numbers.ts";
import { type Call, requireClaimant } from "../call.ts";
import { readTeamForChange } from "../team.ts";

/** What `log undo` answers. */
export interface UndoAnswer {
  /** The line that was taken back. */
  readonly line: string;
  /** Date of the log that it stood in. */
  readonly date: string;
}

/**
 * Takes the operator's note back that ends the audit log. The log and its mirror are written whole, in one change
 * with the event that says so.
 * @throws OPERATOR_REQUIRED, INVALID_STATE, PERMISSION_DENIED
 */
export function undoNote(call: Call): Outcome<UndoAnswer> {
  const { operator } = requireClaimant(call);
  return changeProject(call.workspace, "log undo", (view) => {
    const { config } = readTeamForChange(view, call);
    const note = undoableNote(recentEvents(view), currentSequence(view).seq, operator);
    const path = historyPath(note.date);
    const text = withoutLastLine(view.read(path) ?? "", note.line);
    return {
      answer: { line: note.line, date: note.date },
      changes: {
        atMs: view.clock.nowMs(),
        durable: config.durability === "full",
        files: [{ path, text: text === "" ? null : text }],
        history: [],
        events: [{ type: "log.undone", actor: operator, data: { noted_seq: note.seq, line: note.line } }],
      },
    };
  });
}

/** Another program or a person may have added lines since: then the note is not the last one. */
function withoutLastLine(text: string, line: string): string {
  const end = `${line}\n`;
  const before = text.slice(0, text.length - end.length);
  if (!text.endsWith(end) || (before !== "" && !before.endsWith("\n"))) throw notANote();
  return before;
}
