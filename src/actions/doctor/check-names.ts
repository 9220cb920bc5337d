import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { isOwnName } from "../../domain/doctor/own-names.ts";
import type { Survey } from "./survey.ts";

/** Finds what people and their tools left among the files of mai, such as copies; a directory stands for what lies in it. */
export function checkNames({ walk, config }: Survey): readonly Finding[] {
  const odd = new Set<string>();
  for (const { path } of walk.entries) {
    const above = path.slice(0, path.lastIndexOf("/"));
    // The walk is sorted: a directory comes before what lies in it.
    if (!isOwnName(path, config.queues) && !isBelowOdd(odd, above)) odd.add(path);
  }
  return [...odd].map((path) =>
    finding("odd_name", path, "It is none of the names that mai gives: mai leaves it out."),
  );
}

function isBelowOdd(odd: ReadonlySet<string>, directory: string): boolean {
  for (let at = directory; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf("/"))))
    if (odd.has(at)) return true;
  return false;
}
