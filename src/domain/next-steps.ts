import type { Issue } from "./issue.ts";
import type { LeaseStatus } from "./lease.ts";

/** What may bring an issue on: when to do it, and the command. */
export interface NextStep {
  readonly when: string;
  readonly command: string;
}

/** Proposes what to do about a stuck issue, the mildest first. */
export function nextSteps({
  issue,
  lease,
}: {
  issue: Issue;
  lease: LeaseStatus | null;
}): readonly NextStep[] {
  const { id } = issue;
  if (issue.status === "COMPLETED") {
    return [{ when: "It is accepted. If that was wrong", command: `mai issue reopen ${id} "why" -o NAME` }];
  }
  if (issue.status === "DISCARDED") {
    const command = `mai issue new ${issue.queue} "title" --ref ${id} -o NAME`;
    return [{ when: "It is dropped for good. To take the matter up again", command }];
  }
  return [
    ...(issue.status === "BLOCKED"
      ? [{ when: "When nothing is in the way any more", command: `mai issue unblock ${id} -o NAME` }]
      : []),
    ...leaseSteps(issue, lease),
    { when: "To give it to somebody else", command: `mai issue transfer ${id} HANDLER "why" -o NAME` },
    { when: "To have it decided", command: `mai issue escalate ${id} -o NAME` },
    { when: "To drop it for good", command: `mai issue discard ${id} "why" -o NAME` },
  ];
}

function leaseSteps({ id, status }: Issue, lease: LeaseStatus | null): readonly NextStep[] {
  if (lease?.live === true) {
    return [
      { when: `To ask @${lease.holder}, who holds it`, command: `mai issue amend ${id} "how far?" -o NAME` },
      {
        when: `To take it from @${lease.holder}, as a root`,
        command: `mai lock release ${id} --force -o ROOT`,
      },
    ];
  }
  if (lease !== null) {
    return [{ when: `To release the stale lease of @${lease.holder}`, command: "mai lock guardian" }];
  }
  if (status === "BLOCKED") return [];
  return [{ when: "To work on it", command: `mai issue claim ${id} -o NAME` }];
}
