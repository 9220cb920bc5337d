/** Topics of `mai guide`, in the order of a working day. */
export const GUIDE_TOPICS = ["claim", "handoff", "review", "plan", "recover"] as const;
/** One topic of `mai guide`. */
export type GuideTopic = (typeof GUIDE_TOPICS)[number];

/** A guide: what it is about, and its text. Commands stand on indented lines, in an order that works. */
export interface Guide {
  readonly title: string;
  readonly text: string;
}

/** Every guide: the one source of `mai guide` and of the skill file. */
export const GUIDES = {
  claim: {
    title: "Take work and keep it",
    text: `Ask for work; it comes claimed, with all that you need to begin:
  mai next -o alice
With --wait it sleeps until there is some. Asked again, it shows what you hold already.
  mai next -o alice --wait --timeout 10m
Read all of it before you start: why it was sent back, the hand-over note, the check list.
What you would get, without claiming it:
  mai next -o alice --peek
Say what you found as you go; each write also renews your lease:
  mai issue amend REQ-001 "the test fails on line 12" -o alice
Long silence loses the lease. Renew it, or let mai hold it while a command runs:
  mai lock renew REQ-001 -o alice
  mai issue run REQ-001 -o alice -- ./build.sh
A particular issue is taken by its id. Exit 2 means that somebody holds it: take another.
  mai issue claim REQ-001 -o alice`,
  },
  handoff: {
    title: "Hand work over",
    text: `When something is in the way, say what; when it is gone, go on:
  mai issue block REQ-001 "no access to staging" -o alice
  mai issue unblock REQ-001 -o alice
When another issue has to be done first, make yours wait for it; finishing that one frees yours:
  mai issue new questions "Grant access to staging" -o alice
  mai issue depend REQ-001 --on REQ-002 -o alice
When only a person can decide, ask for a decision:
  mai issue escalate REQ-001 -o alice
Hand it over with a note of what is done and left, which they see first; your lease ends, the issue is OPEN and theirs:
  mai issue transfer REQ-001 bob "please review" --done "parser" --remaining "the tests" -o alice
There are --decision and --uncertain too, and each may repeat.
You cannot accept your own work unless you made the issue or own its queue: transfer it.`,
  },
  review: {
    title: "Review and accept",
    text: `Take what was handed to you, with its note, check list and remarks:
  mai next -o bob --mine
Read all its records:
  mai issue status REQ-001
Not good yet: it goes back to who worked on it, with what is missing.
  mai issue reject REQ-001 "the tests are missing" -o bob
While items of its check list are open it is not accepted: tick them by number (mai issue check).
Good: accept it with what came out. Evidence is run by mai and recorded, and has to succeed.
  mai issue complete REQ-001 "merged as 4f2c1e" --evidence cmd:./build.sh -o bob
It breaks later: open it again.
  mai issue reopen REQ-001 "fails on Windows" -o bob
Creator, owner of the queue and roots may accept, reject and reopen.`,
  },
  plan: {
    title: "Make work for others",
    text: `Say what has to be so: whoever takes it reads that first, and it is not accepted before.
  mai issue new questions "Export page" --accept "works offline" --label ui -o alice
What cannot begin before something else is finished waits for it:
  mai issue new questions "Announce it" --blocked-by REQ-002 -o alice
What waits for what, and what could begin now:
  mai graph
  mai issue list --ready
Many issues at once come from a file of JSON lines, all of them or none; $1 in it is the first one made, and the key
makes it safe to repeat:
  mai batch plan.jsonl --key plan-7 -o alice
From another tool: mai import beads PATH, or csv.`,
  },
  recover: {
    title: "When something went wrong",
    text: `After a restart, see who you are and what you hold, then resume it:
  mai prime -o alice
  mai next -o alice
Who holds an issue, and for how long:
  mai lock check REQ-001
STALE_FENCE, or a warning that your lease ended, means that somebody else may have the issue. Stop; do not force.
Give back what you cannot go on with; you do not get it again before somebody else has touched it:
  mai lock release REQ-001 -o alice
Unsure whether a write arrived? Repeat it. New issues and remarks take a key:
  mai issue amend REQ-001 "retried" --key retry-1 -o alice
You did the wrong thing, and nothing came after it on that issue: take it back, as a new change.
  mai undo -o alice --issue REQ-001
Exit 75 (busy) and 2 (held) pass by themselves: try again later. What happened since event 1:
  mai events --since 1
Whether the files are sound:
  mai doctor`,
  },
} as const satisfies Record<GuideTopic, Guide>;

/** Renders one guide. */
export function guideText(topic: GuideTopic): string {
  const { title, text } = GUIDES[topic];
  return `${title}\n\n${text}`;
}

/** Renders the list of guides. */
export function guideListText(): string {
  return GUIDE_TOPICS.map((topic) => `mai guide ${topic.padEnd(8)}  ${GUIDES[topic].title}`).join("\n");
}

/** Renders the skill file, from the same texts. */
export function skillText(): string {
  const sections = GUIDE_TOPICS.map(
    (topic) => `## ${GUIDES[topic].title}\n\n${markdown(GUIDES[topic].text)}`,
  );
  return `${SKILL_HEAD}\n${sections.join("\n\n")}\n`;
}

const SKILL_HEAD = `---
name: mai
description: Shares work between agents through one directory. Use it in a project that has a .mai directory, to take, hand over, review and finish issues.
---

# mai

Begin with \`mai prime -o NAME\`, with your own name. Work only on what you hold, and never edit \`.mai/\` or \`async/\` by hand.
In what follows you are alice, or bob who reviews.
`;

function markdown(text: string): string {
  const fenced = text.replace(/(?:^ {2}mai .*(?:\n|$))+/gm, (lines) => {
    const commands = lines.trimEnd().replace(/^ {2}/gm, "");
    return `\n\`\`\`sh\n${commands}\n\`\`\`\n\n`;
  });
  return fenced.trimEnd();
}
