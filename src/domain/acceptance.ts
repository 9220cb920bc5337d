import { MaiError } from "./errors.ts";
import type { AcceptanceItem, Issue } from "./issue.ts";
import type { Situation } from "./issue-change.ts";
import { hasControlCharacter, MAX_TITLE_CHARACTERS } from "./text.ts";

/** Open items that a refusal names; the rest is counted. */
const NAMED_ITEMS = 5;

/** An item with the number by which it is ticked, from 1. */
export interface NumberedItem extends AcceptanceItem {
  readonly n: number;
}

/**
 * Checks the text of an item: one line, 1 to 200 characters.
 * @throws INVALID_TEXT
 */
export function itemText(text: string): string {
  const fault =
    text.trim() === ""
      ? "is empty"
      : /[\n\t]/.test(text) || hasControlCharacter(text)
        ? "is one line without control characters"
        : [...text].length > MAX_TITLE_CHARACTERS
          ? `has at most ${MAX_TITLE_CHARACTERS} characters`
          : null;
  if (fault === null) return text;
  throw new MaiError(
    "INVALID_TEXT",
    `An item of the check list ${fault.replace("is empty", "cannot be empty")}.`,
    {
      hint: "One short sentence an item; --accept may repeat. Put details into the body.",
    },
  );
}

/** Returns the items with their numbers. */
export function numberedItems(issue: Issue): readonly NumberedItem[] {
  return issue.acceptance.map((item, index) => ({ ...item, n: index + 1 }));
}

/**
 * Refuses to accept an issue while items of its check list are open; whoever may accept it may go past them with `--force`.
 * @returns the numbers of the items that were gone past
 * @throws INVALID_STATE naming them
 */
export function requireItemsDone({ issue, force, claimant }: Situation): readonly number[] {
  const open = numberedItems(issue).filter(({ done }) => !done);
  const [first] = open;
  if (first === undefined) return [];
  if (force) return open.map(({ n }) => n);
  const named = open.slice(0, NAMED_ITEMS).map(({ n, text }) => `${n} ${JSON.stringify(text)}`);
  const more = open.length > NAMED_ITEMS ? ` and ${open.length - NAMED_ITEMS} more` : "";
  throw new MaiError("INVALID_STATE", `${issue.id} has open items: ${named.join(", ")}${more}.`, {
    hint: `Tick what is done: mai issue check ${issue.id} ${first.n} -o ${claimant.operator}. Or accept it as it is: --force, which is recorded.`,
    fields: {
      issue_id: issue.id,
      status: issue.status,
      open_items: open.map(({ n, text }) => ({ n, text })),
    },
  });
}
