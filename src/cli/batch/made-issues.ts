import { MaiError } from "../../domain/errors.ts";
import { namesIssues } from "../completion/value-source.ts";

/** Where the answer of a command has the issue that it made. */
const MADE: Readonly<Record<string, string>> = { "issue new": "issue_id", "issue escalate": "new_id" };

/** Issues that the lines of a batch have made so far: `$1` stands for the first of them. */
export class MadeIssues {
  readonly ids: string[] = [];

  /** Takes note of what a line answered. */
  note(words: string, fields: Readonly<Record<string, unknown>>): void {
    const id = fields[MADE[words] ?? ""];
    if (typeof id === "string") this.ids.push(id);
  }

  /**
   * Puts ids in the place of `$1`, `$2`, …, in arguments that name issues and nowhere else.
   * @throws USAGE for an issue that no earlier line makes
   */
  filledIn(words: string, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const filled = Object.entries(values).map(([name, value]) => {
      if (!namesIssues(words, name)) return [name, value] as const;
      return [
        name,
        Array.isArray(value) ? value.map((entry) => this.#idOf(entry)) : this.#idOf(value),
      ] as const;
    });
    return Object.assign(Object.create(null), Object.fromEntries(filled));
  }

  #idOf(value: unknown): unknown {
    const number = typeof value === "string" ? /^\$(\d{1,4})$/.exec(value)?.[1] : undefined;
    if (number === undefined) return value;
    const id = this.ids[Number(number) - 1];
    if (id !== undefined) return id;
    const made = this.ids.length === 1 ? "1 issue" : `${this.ids.length} issues`;
    throw new MaiError("USAGE", `$${number} does not stand for an issue: the lines before make ${made}.`, {
      hint: "$1 is the first issue that the batch makes, and so on.",
      fields: { reference: value, made: this.ids.length },
    });
  }
}
