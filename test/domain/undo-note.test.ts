import { expect, test } from "bun:test";
import { type PastEvent, undoableNote } from "../../src/domain/undo-note.ts";

const TS = "2026-11-22T23:59:59.999+08:00";

function note(seq: number, actor = "alice"): PastEvent {
  return { seq, ts: TS, type: "log.noted", actor, data: { line: `line ${seq}` } };
}
function undo(seq: number, notedSeq: number): PastEvent {
  return { seq, ts: TS, type: "log.undone", actor: "alice", data: { noted_seq: notedSeq } };
}
function change(seq: number): PastEvent {
  return { seq, ts: TS, type: "issue.created", actor: "alice", data: { line: `line ${seq}` } };
}
const refused = (code: string) => expect.objectContaining({ code });

test("the last note of the operator may be taken back; its log is named by the date of its writer", () => {
  expect(undoableNote([note(2), change(1)], 2, "alice")).toEqual({
    seq: 2,
    date: "2026-11-22",
    line: "line 2",
  });
});

test("notes go one by one, and after the last of them stands the change, which stays", () => {
  expect(undoableNote([undo(4, 3), note(3), note(2), change(1)], 4, "alice").seq).toBe(2);
  const done = [undo(5, 2), undo(4, 3), note(3), note(2), change(1)];
  expect(() => undoableNote(done, 5, "alice")).toThrow(refused("INVALID_STATE"));
});

test("a note before a change stays, whatever the change carries", () => {
  expect(() => undoableNote([change(2), note(1)], 2, "alice")).toThrow(refused("INVALID_STATE"));
});

test("somebody else's note stays", () => {
  expect(() => undoableNote([note(1, "bob")], 1, "alice")).toThrow(refused("PERMISSION_DENIED"));
});

test("a stream with a gap before the note proves nothing, so the note stays", () => {
  expect(() => undoableNote([note(2), change(1)], 3, "alice")).toThrow(refused("INVALID_STATE"));
  expect(() => undoableNote([undo(4, 3), note(2)], 4, "alice")).toThrow(refused("INVALID_STATE"));
  expect(() => undoableNote([], 0, "alice")).toThrow(refused("INVALID_STATE"));
});
