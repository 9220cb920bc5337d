import { type ImportedResult, importIssues } from "../actions/issue/import-issues.ts";
import { IMPORT_FORMATS, isImportFormat, readImport } from "../actions/issue/import-sources.ts";
import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import { OPERATOR } from "./arguments.ts";
import { answerTo, defineCommand } from "./define-command.ts";

/** `mai import` */
export const command = defineCommand({
  words: "import",
  summary:
    "Makes issues from a file of another tool: beads (.beads/issues.jsonl), backlog (the directory of Backlog.md), " +
    "taskwarrior (task export), task-master (tasks.json), github (gh issue list --json …), or csv (a row of column " +
    "names with title). Keeps what mai has no place for in the body. Again, it takes only what is new.",
  args: {
    from: { type: "positional", description: IMPORT_FORMATS.join(", ") },
    path: { type: "positional", description: "File, for backlog a directory; - reads standard input" },
    queue: { type: "string", valueHint: "QUEUE", description: "For issues whose file names none" },
    ...OPERATOR,
  },
  errors: ["INVALID_TEXT", "INVALID_QUEUE", "CYCLE", "LIMIT_REACHED", "PERMISSION_DENIED"],
  examples: [
    "mai --dry-run import beads .beads/issues.jsonl --queue requests -o alice",
    "gh issue list --state all --limit 5000 --json number,title,body,state,labels,url | mai import github - --queue requests -o alice",
  ],
  run(cli, values) {
    const { from: format, path, queue } = values;
    if (!isImportFormat(format))
      throw new MaiError(
        "USAGE",
        `import reads ${IMPORT_FORMATS.join(", ")}; not ${JSON.stringify(format)}.`,
        {
          hint: didYouMean(format, IMPORT_FORMATS, "mai import --help"),
        },
      );
    const call = cli.call(values);
    const source = path === "-" ? { text: cli.context.stdin.readText() } : { cwd: cli.context.cwd, path };
    const outcome = importIssues(call, { format, queue, file: readImport(call, format, source) });
    const { results, leftOut, remaining } = outcome.answer;
    const fresh = results.filter(({ known }) => !known);
    const counts = { made: fresh.length, total: results.length, left_out: leftOut, remaining };
    return answerTo(outcome, {
      fields: { format, issues: results.map(resultJson), ...counts, idempotent: fresh.length === 0 },
      text: [
        ...fresh.map(({ sourceId, issueId }) => `${issueId} made of ${sourceId.slice(0, 60)}`),
        summaryOf(counts),
      ].join("\n"),
    });
  },
});

function summaryOf(counts: { made: number; total: number; left_out: number; remaining: number }): string {
  const { made, total, left_out: leftOut, remaining } = counts;
  return [
    `${made} imported, ${total - made} known already`,
    ...(leftOut === 0 ? [] : [`${leftOut} left out (no issue, or deleted there)`]),
    ...(remaining === 0 ? [] : [`${remaining} not reached`]),
  ].join(", ");
}

function resultJson({ line, sourceId, issueId, state, known }: ImportedResult) {
  return { line, source_id: sourceId, issue_id: issueId, state, known };
}
