import { type RenewedLease, renewLeases } from "../../actions/leases/renew-leases.ts";
import { ISSUE_WRITE } from "../arguments.ts";
import { answerTo, defineCommand } from "../define-command.ts";

const MINUTE_MS = 60_000;
const { operator, session } = ISSUE_WRITE;

/** `mai lock renew` */
export const command = defineCommand({
  words: "lock renew",
  summary:
    "Starts the time of your leases again: of the issues named, or of all that you hold. All of them or none; " +
    "nothing is logged.",
  args: {
    id: { type: "positional", rest: "list", required: false, description: "Issues; all of yours by default" },
    operator,
    session,
  },
  errors: ["LIMIT_REACHED", "NOT_FOUND", "INVALID_STATE", "OPERATOR_REQUIRED", "STALE_FENCE", "LOCK_HELD"],
  examples: ["mai lock renew -o alice", "mai lock renew REQ-001 REQ-002 -o alice"],
  run(cli, values) {
    const outcome = renewLeases(cli.call(values), values.id);
    const renewed = outcome.answer;
    const fields = {
      renewed: renewed.map((entry) => ({ issue_id: entry.issueId, ttl_minutes: ttlMinutes(entry) })),
      total: renewed.length,
      idempotent: renewed.length === 0,
    };
    const lines = renewed.map((entry) => `${entry.issueId} renewed: ${ttlText(entry)}`);
    return answerTo(outcome, {
      fields,
      text: lines.length === 0 ? "You hold nothing that needs renewal." : lines.join("\n"),
    });
  },
});

function ttlMinutes({ lease }: RenewedLease): number | null {
  return lease.hold ? null : lease.thresholdMs / MINUTE_MS;
}

function ttlText(entry: RenewedLease): string {
  const minutes = ttlMinutes(entry);
  return minutes === null ? "held by a process" : `lease ${minutes} minutes`;
}
