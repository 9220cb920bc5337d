import { ISSUE_ANSWERS } from "./issue.ts";
import { REPORT_ANSWERS } from "./reports.ts";
import type { AnswerShape } from "./shape.ts";
import { SHELL_ANSWERS } from "./shell.ts";
import { TEAM_ANSWERS } from "./team.ts";
import { UPKEEP_ANSWERS } from "./upkeep.ts";

/** What each command answers, by its words; `batch` answers what its lines do, and stands with the commands. */
export const ANSWER_SHAPES: Readonly<Record<string, AnswerShape>> = {
  ...TEAM_ANSWERS,
  ...ISSUE_ANSWERS,
  ...REPORT_ANSWERS,
  ...UPKEEP_ANSWERS,
  ...SHELL_ANSWERS,
};
