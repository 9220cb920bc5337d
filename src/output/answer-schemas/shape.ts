import type * as v from "valibot";

/**
 * What a command prints with `--json`: one document, whose own fields are one of these lists of entries and stand
 * inside what every answer has; or a stream of lines, each of them one of these.
 */
export type AnswerShape =
  | { readonly kind: "document"; readonly alternatives: readonly Alternative[] }
  | { readonly kind: "lines"; readonly line: v.GenericSchema };

/** One form of a document: fields of its own, and whether it tells that all went well. */
export interface Alternative {
  readonly ok: boolean;
  readonly entries: v.ObjectEntries;
}

/** A document that tells that all went well, in one of these forms. */
export function answers(...forms: readonly v.ObjectEntries[]): AnswerShape {
  return { kind: "document", alternatives: forms.map((entries) => ({ ok: true, entries })) };
}

/** The same, where the command can also tell in a whole answer that something is wrong. */
export function answersOrFails(entries: v.ObjectEntries, failure: v.ObjectEntries): AnswerShape {
  return {
    kind: "document",
    alternatives: [
      { ok: true, entries },
      { ok: false, entries: failure },
    ],
  };
}

/** A stream of lines. */
export function lines(line: v.GenericSchema): AnswerShape {
  return { kind: "lines", line };
}
