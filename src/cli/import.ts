import { type ImportedResult, importIssues } from "../actions/issue/import-issues.ts";
import { readUserFile } from "../actions/projects/user-file.ts";
import { MaiError } from "../domain/errors.ts";
import { OPERATOR } from "./arguments.ts";
import { answerTo, defineCommand } from "./define-command.ts";

/** `mai import` */
export const command = defineCommand({
  words: "import",
  summary:
    "Makes issues from a file of another tool, all or none: beads (.beads/issues.jsonl) or csv (a row of column " +
    "names with title). Keeps what mai has no place for in the body. Again, it takes only what is new.",
  args: {
    from: { type: "positional", description: "beads or csv" },
    path: { type: "positional", description: "The file; - for standard input" },
    queue: { type: "string", valueHint: "QUEUE", description: "For issues whose file names none" },
    ...OPERATOR,
  },
  errors: ["INVALID_TEXT", "INVALID_QUEUE", "CYCLE", "LIMIT_REACHED", "PERMISSION_DENIED"],
  examples: [
    "mai --dry-run import beads .beads/issues.jsonl --queue requests -o alice",
    "mai import csv plan.csv -o alice",
  ],
  run(cli, values) {
    const { from: format, path, queue } = values;
    if (format !== "beads" && format !== "csv")
      throw new MaiError("USAGE", `import reads beads or csv, not ${JSON.stringify(format)}.`, {
        hint: "See: mai import --help",
      });
    const call = cli.call(values);
    const text = path === "-" ? cli.context.stdin.readText() : readUserFile(call, cli.context.cwd, path);
    const outcome = importIssues(call, { format, text, queue });
    const issues = outcome.answer.map(resultJson);
    const fresh = outcome.answer.filter(({ known }) => !known);
    return answerTo(outcome, {
      fields: { format, issues, made: fresh.length, total: issues.length, idempotent: fresh.length === 0 },
      text: [
        ...fresh.map(({ sourceId, issueId }) => `${issueId} made of ${sourceId.slice(0, 60)}`),
        `${fresh.length} imported, ${issues.length - fresh.length} known already`,
      ].join("\n"),
    });
  },
});

function resultJson({ line, sourceId, issueId, state, known }: ImportedResult) {
  return { line, source_id: sourceId, issue_id: issueId, state, known };
}
