import type { Issue } from "./issue.ts";
import { isClaimText, isReleaseText } from "./phrases.ts";

/**
 * Returns who gave an issue back last (`lock release` of their own lease) and has not claimed it again, as long as
 * nobody else has recorded anything since; null otherwise. The records hold it, so that it survives the archive.
 */
export function givenBackBy(issue: Issue): string | null {
  const who = issue.records[0]?.actor ?? null;
  if (who === null) return null;
  for (const { actor, word, text } of issue.records) {
    if (actor !== who || (word === "IN_PROGRESS" && isClaimText(text))) return null;
    if (isReleaseText(text, who)) return who;
  }
  return null;
}
