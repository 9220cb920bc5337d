import type { CommandTree } from "./define-command.ts";

/** What people come for, and the commands that serve it. */
export interface HelpTopic {
  readonly title: string;
  /** Words of commands, or of a group for all of its commands that stand nowhere else. */
  readonly words: readonly string[];
}

/** What the help of mai is ordered by; a command that stands nowhere here is shown under the last one. */
export const HELP_TOPICS = [
  { title: "Start", words: ["init", "setup", "agent", "project", "onboard", "guide"] },
  {
    title: "Plan",
    words: [
      "issue new",
      "batch",
      "import",
      "issue edit",
      "issue label",
      "issue transfer",
      "issue escalate",
      "issue discard",
    ],
  },
  {
    title: "Work",
    words: [
      "prime",
      "next",
      "wait",
      "issue claim",
      "issue run",
      "issue amend",
      "issue",
      "lock renew",
      "lock release",
    ],
  },
  { title: "Review", words: ["issue complete", "issue confirm", "issue reject", "issue reopen", "undo"] },
  {
    title: "Look",
    words: [
      ...["status", "issue show", "issue status", "issue list", "queue check", "queue blockers"],
      ...["lock check", "events", "stats", "escalation"],
    ],
  },
  { title: "Report", words: ["log", "daily-summary"] },
  { title: "Settings", words: ["queue", "config"] },
  { title: "Keep well", words: ["doctor", "archive", "lock", "selftest", "exec"] },
  { title: "More", words: ["help", "schema", "completions"] },
] as const satisfies readonly HelpTopic[];

/** The first steps, as they are typed. */
export const FIRST_LINES = [
  "mai init -o admin; mai agent add alice        make a project and an agent",
  'mai issue new questions "Check it" -o admin   ask for work',
  "mai next -o alice                             take work",
  "mai issue transfer REQ-001 admin -o alice     hand it back",
  'mai issue complete REQ-001 "Good" -o admin    accept it',
] as const;

/** Returns the words of every command that overviews show. */
export function visibleNames({ commands }: CommandTree): readonly string[] {
  return Object.keys(commands).filter((name) => commands[name]?.hidden !== true);
}

/** Sorts commands under the topics; each stands once, and no topic is empty. */
export function commandsByTopic(
  names: readonly string[],
): readonly { readonly title: string; readonly names: readonly string[] }[] {
  const topicOf = new Map<string, string>(
    HELP_TOPICS.flatMap(({ title, words }) => words.map((word) => [word, title] as const)),
  );
  const order = new Map(
    HELP_TOPICS.flatMap(({ words }) => words as readonly string[]).map((word, place) => [word, place]),
  );
  const placeOf = (name: string) => order.get(name) ?? order.get(groupOf(name)) ?? order.size;
  const sorted = names.toSorted((a, b) => placeOf(a) - placeOf(b));
  const last = HELP_TOPICS[HELP_TOPICS.length - 1]?.title ?? "";
  const byTitle = Map.groupBy(sorted, (name) => topicOf.get(name) ?? topicOf.get(groupOf(name)) ?? last);
  return HELP_TOPICS.flatMap(({ title }) => {
    const found = byTitle.get(title) ?? [];
    return found.length === 0 ? [] : [{ title, names: found }];
  });
}

function groupOf(name: string): string {
  return name.split(" ")[0] ?? name;
}
