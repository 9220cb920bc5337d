import { MaiError } from "./errors.ts";
import type { Issue } from "./issue.ts";

/** Returns the refusal of an operation that does not fit the state of its issue. */
export function refuseState(operation: string, issue: Issue, code: "INVALID_STATE" | null = null): MaiError {
  const fields = { issue_id: issue.id, status: issue.status };
  const message = `Cannot ${operation} ${issue.id}: it is ${issue.status}.`;
  if (code === null && issue.status === "COMPLETED") {
    return new MaiError("ALREADY_COMPLETED", message, {
      hint: `Open it again first: mai issue reopen ${issue.id} "why" -o NAME`,
      fields,
    });
  }
  if (code === null && issue.status === "DISCARDED") {
    return new MaiError("ISSUE_DISCARDED", message, {
      hint: `Whoever discarded it last can take that back: mai undo. Else make a new issue: --ref ${issue.id}`,
      fields,
    });
  }
  return new MaiError("INVALID_STATE", message, { hint: `See it: mai issue show ${issue.id}`, fields });
}
