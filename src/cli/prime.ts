import { type Prime, readPrime } from "../actions/reading/prime.ts";
import type { MaiError } from "../domain/errors.ts";
import { handoverJson } from "../output/handover-text.ts";
import { primeText, unreadablePrimeText } from "../output/prime-text.ts";
import { OPERATOR } from "./arguments.ts";
import { type Answer, type CommandContext, defineCommand } from "./define-command.ts";
import { toMaiError } from "./errors.ts";

/** `mai prime` */
export const command = defineCommand({
  words: "prime",
  summary:
    "Tells an agent that starts who it is, what it holds, what there is, and what to type, in at most 250 tokens. " +
    "Never fails, never waits, and says nothing outside a project. Writes nothing.",
  args: OPERATOR,
  errors: [],
  examples: ["mai prime -o alice", "mai --json prime -o alice"],
  run(cli, values) {
    try {
      return primed(readPrime(cli.call(values)));
    } catch (error) {
      return unprimed(cli, values.operator, toMaiError(error));
    }
  },
});

function primed(prime: Prime): Answer {
  const { project, path, operator, held, waiting, handovers, counts } = prime;
  return {
    fields: {
      project,
      path,
      operator,
      held: held.map(({ id, live, leftMs, blocked }) => ({
        issue_id: id,
        live,
        blocked,
        ttl_minutes: leftMs === null ? null : live ? Math.floor(leftMs / 6000) / 10 : 0,
      })),
      waiting: waiting.map(({ id, priority, title, ageMs }) => ({
        ...{ issue_id: id, priority, title },
        age_seconds: Math.floor(ageMs / 1000),
      })),
      handovers: handovers.map(({ id, note }) => ({ issue_id: id, ...handoverJson(note) })),
      counts: {
        open: counts.open,
        in_progress: counts.inProgress,
        blocked: counts.blocked,
        overdue: counts.overdue,
        waiting: counts.waiting,
        yours: counts.yours,
      },
      problem: null,
    },
    text: primeText(prime),
  };
}

/** Hooks run this at the start of each session, wherever that is: a fault here must not stop it. */
function unprimed(cli: CommandContext, given: string | null, error: MaiError): Answer {
  const operator = given ?? cli.context.env.MAI_OPERATOR ?? null;
  const nothing = { project: null, path: null, operator, held: [], waiting: [], handovers: [], counts: null };
  if (error.code === "PROJECT_NOT_FOUND") return { fields: { ...nothing, problem: null }, text: "" };
  const problem = { code: error.code, message: error.message, hint: error.hint };
  return { fields: { ...nothing, problem }, text: unreadablePrimeText(operator, error.message) };
}
