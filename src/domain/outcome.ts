/** What an action answers, and what became of its change. */
export interface Outcome<Answer> {
  readonly answer: Answer;
  /** Something was committed (or, in a dry run, would be). */
  readonly changed: boolean;
  /** The change is committed, but the next command must finish writing it. */
  readonly pending: boolean;
}
