import { listByReadiness, type Readiness } from "../../actions/reading/list-by-readiness.ts";
import { listArchivedIssues, listIssues } from "../../actions/reading/read-issues.ts";
import { MaiError } from "../../domain/errors.ts";
import { PRIORITIES, STATES, type State } from "../../domain/issue.ts";
import { labelName } from "../../domain/labels.ts";
import { textSearch } from "../../domain/text-search.ts";
import type { ListedFacts } from "../../output/issue-json.ts";
import { type ListedShape, listedJson, listedLines } from "../../output/listed-fields.ts";
import { OPERATOR, type Values } from "../arguments.ts";
import { defineCommand } from "../define-command.ts";
import { LISTED_SHAPE, listedShape } from "./listed-shape.ts";

/** Issues shown unless `--limit` says otherwise. */
export const DEFAULT_LIMIT = 50;

/** `mai issue list` */
export const command = defineCommand({
  words: "issue list",
  summary:
    "Lists unfinished issues, most urgent first; finished ones too with --all or --status. Writes nothing.",
  args: {
    queue: { type: "positional", required: false, description: "Only this queue" },
    handler: { type: "string", valueHint: "NAME", description: "Part of the handler's name" },
    status: { type: "enum", options: [...STATES], valueHint: "STATE", description: STATES.join(", ") },
    priority: { type: "enum", options: [...PRIORITIES], description: "Only this priority" },
    search: { type: "string", valueHint: "TEXT", description: "In title, body, records, list, note" },
    label: {
      type: "string",
      repeat: true,
      valueHint: "L",
      description: "Only with this label (repeatable: all)",
    },
    all: { type: "boolean", description: "Finished issues too" },
    long: { type: "boolean", description: "Also who holds each, age and deadline" },
    archived: { type: "boolean", description: "Those in the archive instead" },
    ready: { type: "boolean", description: "Only what can be claimed now (with -o: by NAME)" },
    blocked: { type: "boolean", description: "Only what is BLOCKED or waits for others" },
    limit: { type: "string", kind: "count", valueHint: "N", description: "Show at most N (50)" },
    ...LISTED_SHAPE,
    ...OPERATOR,
  },
  errors: ["INVALID_QUEUE", "INVALID_NAME"],
  examples: ["mai issue list questions --status OPEN", "mai --json issue list --handler alice --limit 10"],
  run(cli, values) {
    const shape = shapeOf(values);
    const { queue, handler, status, priority } = values;
    const search = values.search === null ? null : textSearch(values.search);
    const labels = values.label.map(labelName);
    const filter = { queue, handler, status, priority, search, labels, finished: finishedOf(values) };
    const limit = values.limit ?? DEFAULT_LIMIT;
    const readiness = readinessOf(values);
    const {
      issues,
      total,
      hiddenFinished = 0,
    } = readiness === null
      ? (values.archived ? listArchivedIssues : listIssues)(cli.call({}), filter, limit)
      : listByReadiness(cli.call(values), filter, { readiness, limit });
    // Only the forms that are asked for are made.
    return {
      fields: cli.json
        ? { issues: listedJson(issues, shape), shown: issues.length, total, hidden_finished: hiddenFinished }
        : {},
      text: cli.wantsText ? listText({ issues, total, hiddenFinished }, shape) : "",
    };
  },
});

function shapeOf(values: Values<typeof LISTED_SHAPE> & { readonly long: boolean }): ListedShape {
  const shape = listedShape(values, "issue list");
  if (!values.long) return shape;
  if (shape === "usual") return "long";
  throw new MaiError("USAGE", "--long excludes --fields, --ids and --brief.", {
    hint: "See: mai issue list --help",
  });
}

/** A state that is asked for, finished or not, hides nothing. */
function finishedOf(values: {
  readonly all: boolean;
  readonly archived: boolean;
  readonly status: State | null;
}): "shown" | "hidden" {
  return values.all || values.archived || values.status !== null ? "shown" : "hidden";
}

interface Listed {
  readonly issues: readonly ListedFacts[];
  readonly total: number;
  readonly hiddenFinished: number;
}

function listText({ issues, total, hiddenFinished }: Listed, shape: ListedShape): string {
  // Ids alone are for another command to read.
  if (shape === "ids") return listedLines(issues, shape).join("\n");
  const plural = hiddenFinished === 1 ? "" : "s";
  const hidden = hiddenFinished === 0 ? [] : [`${hiddenFinished} finished issue${plural} not shown (--all)`];
  if (total === 0) return ["No issues.", ...hidden].join("\n");
  const more = total > issues.length ? [`${issues.length} of ${total} shown; --limit N shows more`] : [];
  return [...listedLines(issues, shape), ...more, ...hidden].join("\n");
}

function readinessOf(values: {
  readonly ready: boolean;
  readonly blocked: boolean;
  readonly archived: boolean;
}): Readiness | null {
  const { ready, blocked, archived } = values;
  if (Number(ready) + Number(blocked) + Number(archived) > 1) {
    throw new MaiError("USAGE", "--ready, --blocked and --archived exclude each other.", {
      hint: "See: mai issue list --help",
    });
  }
  return ready ? "ready" : blocked ? "blocked" : null;
}
