/** Exit status of every error code, as the command line promises it (docs/commands.md, "Exit codes"). */
export const EXIT_CODES = {
  NOT_FOUND: 1,
  AMBIGUOUS_ID: 1,
  INVALID_QUEUE: 1,
  INVALID_AGENT: 1,
  INVALID_NAME: 1,
  INVALID_TITLE: 1,
  INVALID_TEXT: 1,
  INVALID_STATE: 1,
  ALREADY_EXISTS: 1,
  ALREADY_COMPLETED: 1,
  ALREADY_WRITTEN: 1,
  ISSUE_DISCARDED: 1,
  ISSUE_BLOCKED: 1,
  OPERATOR_REQUIRED: 1,
  NON_INTERACTIVE: 1,
  NOT_TRIGGERED: 1,
  NOTHING_READY: 1,
  STALE_FENCE: 1,
  UNSAFE_COMMAND: 1,
  EVIDENCE_REQUIRED: 1,
  EVIDENCE_FAILED: 1,
  CYCLE: 1,
  LIMIT_REACHED: 1,
  CONFIG_INVALID: 1,
  FORMAT_TOO_NEW: 1,
  CORRUPT_FILE: 1,
  PROBLEMS_FOUND: 1,
  LOCK_HELD: 2,
  PERMISSION_DENIED: 3,
  PROJECT_NOT_FOUND: 4,
  USAGE: 64,
  INTERNAL_ERROR: 70,
  IO_ERROR: 74,
  BUSY: 75,
  TIMEOUT: 124,
  COMMAND_NOT_EXECUTABLE: 126,
  COMMAND_NOT_FOUND: 127,
  INTERRUPTED: 130,
} as const satisfies Record<string, number>;

/** Name of an error as scripts see it. */
export type ErrorCode = keyof typeof EXIT_CODES;

/** The same call may succeed later without anybody changing the request. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  "LOCK_HELD",
  "BUSY",
  "TIMEOUT",
  "NOTHING_READY",
  "LIMIT_REACHED",
  "ISSUE_BLOCKED",
]);

/** What to do about text in another encoding, wherever it came from. */
export const NOT_UTF8_HINT = "Texts are kept as UTF-8; convert it first, with iconv for instance.";

/** What an error carries beside its message: a next step, and facts for programs (snake_case keys). */
export interface ErrorDetails {
  readonly hint?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The one error class: a code that fixes the exit status, what went wrong, and what to do next. */
export class MaiError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "MaiError";
    this.code = code;
    this.hint = details.hint ?? null;
    this.fields = details.fields ?? {};
  }

  /** Exit status of the process that ends with this error. */
  get exitCode(): number {
    return EXIT_CODES[this.code];
  }

  /** Whether repeating the same call later can succeed. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
