import { describe, expect, test } from "bun:test";
import { type OperationName, ROLE_MATRIX, requireRole } from "../../src/domain/roles.ts";
import { issueWith, OPERATOR_OF, refusalOf, TEAM } from "../support/situation.ts";

type Person = keyof typeof OPERATOR_OF;

const EVERYBODY: readonly Person[] = ["root", "queue_owner", "creator", "handler", "agent"];
const INVOLVED: readonly Person[] = ["root", "queue_owner", "creator", "handler"];
const ACCEPTING: readonly Person[] = ["root", "queue_owner", "creator"];

/** The matrix as the specification has it, written out again. */
const MATRIX: Record<OperationName, readonly Person[]> = {
  new: EVERYBODY,
  amend: EVERYBODY,
  claim: EVERYBODY,
  block: INVOLVED,
  unblock: INVOLVED,
  transfer: INVOLVED,
  depend: INVOLVED,
  escalate: INVOLVED,
  label: INVOLVED,
  check: INVOLVED,
  complete: ACCEPTING,
  confirm: ACCEPTING,
  reject: ACCEPTING,
  reopen: ACCEPTING,
  edit: ACCEPTING,
  discard: ACCEPTING,
};

describe("role matrix", () => {
  for (const operation of Object.keys(ROLE_MATRIX) as OperationName[]) {
    for (const person of Object.keys(OPERATOR_OF) as Person[]) {
      const may = MATRIX[operation].includes(person);
      test(`${person} ${may ? "may" : "may not"} ${operation}`, () => {
        const place = { issue: issueWith(), queue: "questions" };
        const ask = () => requireRole(operation, OPERATOR_OF[person], TEAM, place);
        if (may) expect(ask).not.toThrow();
        else expect(refusalOf(ask)).toMatchObject({ code: "PERMISSION_DENIED", exitCode: 3 });
      });
    }
  }
});

test("a handler who cannot accept its own work learns who can, and the command that hands it over", () => {
  const place = { issue: issueWith(), queue: "questions" };
  const refusal = refusalOf(() => requireRole("complete", "hanna", TEAM, place));
  expect(refusal.message).toContain("a root (@root), the owner of questions (@quinn)");
  // carol created it, but is nobody that an issue can be handed to.
  expect(refusal.hint).toBe('Hand it over: mai issue transfer REQ-001 quinn "done, please review" -o hanna');
});

test("the transfer command names the creator where that is an agent", () => {
  const place = { issue: issueWith({ creator: "bob" }), queue: "questions" };
  const refusal = refusalOf(() => requireRole("complete", "hanna", TEAM, place));
  expect(refusal.message).toContain("or its creator (@bob)");
  expect(refusal.hint).toContain("mai issue transfer REQ-001 bob ");
});

test("who is not registered learns how to register, where that would help", () => {
  const place = { issue: issueWith(), queue: "questions" };
  expect(refusalOf(() => requireRole("claim", "stranger", TEAM, place)).hint).toContain(
    "mai agent add stranger",
  );
  expect(refusalOf(() => requireRole("discard", "stranger", TEAM, place)).hint).toBe("Ask one of them.");
});
