import { editAgentFiles, type OnboardedFile, writeSkill } from "../actions/projects/onboard.ts";
import { MaiError } from "../domain/errors.ts";
import { skillText } from "../output/guides.ts";
import { ONBOARD_SECTION, withoutSection, withSection } from "../output/onboard-section.ts";
import { type Answer, defineCommand } from "./define-command.ts";

/** `mai onboard` */
export const command = defineCommand({
  words: "onboard",
  summary:
    "Writes a few lines about mai between markers into AGENTS.md of the project's root, and into CLAUDE.md where there " +
    "is one; all else in them stays. Doing it again changes nothing.",
  args: {
    print: { type: "boolean", description: "Print the lines, write nothing" },
    check: { type: "boolean", description: "Say whether they are there and current, write nothing" },
    remove: { type: "boolean", description: "Take them out again" },
    skill: { type: "string", valueHint: "DIR", description: "Write DIR/mai/SKILL.md instead" },
  },
  errors: ["PROBLEMS_FOUND", "CORRUPT_FILE", "IO_ERROR"],
  examples: ["mai onboard", "mai onboard --skill .claude/skills"],
  run(cli, values) {
    const { print, check, remove, skill } = values;
    if ([print, check, remove, skill !== null].filter(Boolean).length > 1)
      throw new MaiError("USAGE", "--print, --check, --remove and --skill exclude each other.", {
        hint: "Give one of them.",
      });
    if (print) return { fields: { text: ONBOARD_SECTION, files: [] }, text: ONBOARD_SECTION };
    const call = cli.call({});
    if (skill !== null)
      return filesAnswer([writeSkill(call, { cwd: cli.context.cwd, directory: skill }, skillText())]);
    const files = editAgentFiles(call, remove ? withoutSection : withSection, { write: !check });
    if (check) requireCurrent(files);
    return filesAnswer(files);
  },
});

function requireCurrent(files: readonly OnboardedFile[]): void {
  const old = files.filter(({ change }) => change !== "none").map(({ path }) => path);
  if (old.length === 0) return;
  throw new MaiError("PROBLEMS_FOUND", `${old.join(" and ")} does not hold the current lines about mai.`, {
    hint: "Write them: mai onboard",
    fields: { files: old },
  });
}

function filesAnswer(files: readonly OnboardedFile[]): Answer {
  const changed = files.filter(({ change }) => change !== "none");
  const told = changed.map(({ path, change }) => `${path} ${change}`);
  return {
    fields: { files, idempotent: changed.length === 0 },
    text: told.length === 0 ? "Nothing to do." : told.join("\n"),
    changed: changed.length > 0,
  };
}
