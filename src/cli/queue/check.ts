import { type CheckedQueue, checkQueues } from "../../actions/reading/read-issues.ts";
import { EVERY_ISSUE } from "../../domain/issue-filter.ts";
import { visibleLine } from "../../domain/text.ts";
import { formatSpan } from "../../domain/time.ts";
import { handlerText } from "../../domain/unassigned.ts";
import { type ListedShape, listedJson, listedLines } from "../../output/listed-fields.ts";
import { defineCommand } from "../define-command.ts";
import { DEFAULT_LIMIT } from "../issue/list.ts";
import { LISTED_SHAPE, listedShape } from "../issue/listed-shape.ts";

/** `mai queue check` */
export const command = defineCommand({
  words: "queue check",
  summary: "Shows what waits in each queue. Finished issues are hidden unless --all. Writes nothing.",
  args: {
    queue: { type: "positional", required: false, description: "Only this queue" },
    overdue: { type: "boolean", description: "Only issues past their deadline" },
    all: { type: "boolean", description: "Finished issues too, and empty queues" },
    handler: { type: "string", valueHint: "NAME", description: "Part of the handler's name" },
    limit: { type: "string", kind: "count", valueHint: "N", description: "Show at most N issues (50)" },
    ...LISTED_SHAPE,
  },
  errors: ["INVALID_QUEUE"],
  examples: ["mai queue check --overdue", "mai --json queue check questions --handler alice"],
  run(cli, values) {
    const shape = listedShape(values, "queue check");
    const { queue, handler, overdue } = values;
    const filter = {
      ...EVERY_ISSUE,
      queue,
      handler,
      finished: values.all ? ("shown" as const) : ("hidden" as const),
    };
    const queues = checkQueues(cli.call({}), filter, {
      overdueOnly: overdue,
      limit: values.limit ?? DEFAULT_LIMIT,
    });
    const shown = values.all || queue !== null ? queues : queues.filter(({ total }) => total > 0);
    // Only the forms that are asked for are made.
    return {
      fields: cli.json ? documentOf(queues, shape) : {},
      text: cli.wantsText ? queueText(shown, { overdue, shape }) : "",
    };
  },
});

function documentOf(queues: readonly CheckedQueue[], shape: ListedShape): Readonly<Record<string, unknown>> {
  return {
    queues: Object.fromEntries(queues.map((entry) => [entry.name, queueJson(entry, shape)])),
    ...countsOf(queues),
  };
}

function countsOf(queues: readonly CheckedQueue[]): { shown: number; total: number } {
  const counts = { shown: 0, total: 0 };
  for (const { issues, total } of queues) {
    counts.shown += issues.length;
    counts.total += total;
  }
  return counts;
}

function queueJson(
  { owner, slaMinutes, total, issues }: CheckedQueue,
  shape: ListedShape,
): Record<string, unknown> {
  const slaHours = slaMinutes === null ? null : slaMinutes / 60;
  return { sla_owner: owner, sla_hours: slaHours, total, issues: listedJson(issues, shape) };
}

function queueText(
  queues: readonly CheckedQueue[],
  { overdue, shape }: { readonly overdue: boolean; readonly shape: ListedShape },
): string {
  // Ids alone are for another command to read.
  if (shape === "ids") return queues.flatMap(({ issues }) => listedLines(issues, shape)).join("\n");
  if (queues.length === 0) return overdue ? "Nothing is overdue." : "Nothing waits.";
  const { shown, total } = countsOf(queues);
  const more = shown < total ? [`${shown} of ${total} shown; --limit N shows more`] : [];
  return [...queues.map((queue) => queueLines(queue, shape)), ...more].join("\n");
}

function queueLines(queue: CheckedQueue, shape: ListedShape): string {
  const sla = queue.slaMinutes === null ? "no SLA" : `SLA ${formatSpan(queue.slaMinutes * 60_000)}`;
  return [
    visibleLine(`${queue.name}: ${queue.total} (${handlerText(queue.owner)}, ${sla})`),
    ...listedLines(queue.issues, shape).map((line) => `  ${line}`),
  ].join("\n");
}
