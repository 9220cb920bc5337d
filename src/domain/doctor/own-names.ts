import { couldBeQueue } from "../odd-names.ts";

const ID = "[A-Z0-9]{1,32}-[A-Z0-9]{1,32}";
const DATE = String.raw`\d{4}-\d\d-\d\d`;
/** Every name that mai or the Python tool gives to something in the directories of `.mai/`. */
const OWN = new RegExp(
  String.raw`^\.mai/(?:${[
    String.raw`(?:archive/)?queues/[^/]+(?:/${ID}\.md)?`,
    String.raw`(?:archive/)?decisions/${ID}\.md`,
    "archive/(?:queues|decisions|events|history)",
    String.raw`archive/(?:events/${DATE}\.jsonl|history/${DATE}\.log)\.gz`,
    String.raw`locks/${ID}\.(?:lock|hold)`,
    "keys/[0-9a-f]{64}",
    String.raw`events/${DATE}\.jsonl`,
    String.raw`history/(?:${DATE}\.log(?:\.bak)?|daily-${DATE}(?:/[^/]+\.md)?)`,
    String.raw`processing/${ID}\.md`,
    `dependents/${ID}`,
    String.raw`daily-summary/status\.json`,
    "cache/(?:issues|finished)",
  ].join("|")})$`,
);
const KEPT_IN =
  /^\.mai\/(?:queues|archive|decisions|locks|keys|events|history|processing|dependents|daily-summary|cache)\//;
/** Copies of the files that stand in `.mai/` itself. */
const COPY = /^\.mai\/(?:config|sequence)[^/]*$/;
const ORIGINAL = /^\.mai\/(?:config|sequence)\.json$/;

/**
 * Tells whether something in `.mai/` has a name that mai gives. Names with a leading dot belong to other tools.
 * @param path from the project's root
 * @param queues the queues of the settings, which may have any name
 */
export function isOwnName(path: string, queues: { has(name: string): boolean }): boolean {
  if (/\/\./.test(path)) return true;
  if (COPY.test(path)) return ORIGINAL.test(path);
  if (!KEPT_IN.test(path)) return true;
  const queue = /^\.mai\/queues\/([^/]+)/.exec(path)?.[1];
  if (queue !== undefined && !queues.has(queue) && !couldBeQueue(queue)) return false;
  return OWN.test(path);
}
