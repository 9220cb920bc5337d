import * as v from "valibot";
import { PRIORITIES, STATES } from "../../domain/issue.ts";

/** A schema with a sentence for whoever reads it. */
export function told<S extends v.GenericSchema>(schema: S, description: string) {
  return v.pipe(schema, v.description(description));
}

export const text = v.string();
export const texts = v.array(text);
export const flag = v.boolean();
/** A whole number from 0. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const amount = v.pipe(v.number(), v.minValue(0));

export const time = told(
  v.string(),
  "ISO 8601 with its offset; as it stands there where an older file has it",
);
export const date = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/));
export const state = v.picklist(STATES);
export const priority = v.picklist(PRIORITIES);
export const ids = told(texts, "Ids of issues");
export const idempotent = told(flag, "Things were so already, and nothing was written");
export const fence = told(v.nullable(count), "Fencing token; null before the first claim");
export const minutesLeft = told(
  v.nullable(amount),
  "Minutes; null without a lease, or while a process holds it",
);
export const limit = told(v.nullable(count), "null for no limit");
/** Shown and counted: a list may be cut. */
export const shownOf = { shown: count, total: told(count, "Before anything was left out") };

/** What an answer has that tells of a failure in its own words. */
export function failure<const Code extends string>(...codes: readonly Code[]) {
  return {
    error: v.picklist(codes),
    message: text,
    hint: v.nullable(text),
    retryable: flag,
    exit_code: told(v.pipe(count, v.minValue(1)), "Exit status of the process"),
  };
}
