import { type Diagnosis, diagnose } from "../actions/doctor/doctor.ts";
import { EXIT_CODES } from "../domain/errors.ts";
import { diagnosisText, summaryOf } from "../output/doctor-text.ts";
import { OPERATOR } from "./arguments.ts";
import { defineCommand } from "./define-command.ts";

/** `mai doctor` */
export const command = defineCommand({
  words: "doctor",
  summary:
    "Checks every file of the project against the rules, the mirror against its source, and the file system's locks. " +
    "Writes nothing; --fix mends what is derived (mirror, counted numbers, processing/, temp files, .gitignore, .gitattributes) and " +
    "never guesses at what is not. Exits 0 when nothing worse than notes is found.",
  args: { ...OPERATOR, fix: { type: "boolean", description: "Mend what is derived" } },
  errors: ["PROBLEMS_FOUND", "PROJECT_NOT_FOUND"],
  examples: ["mai doctor", "mai --json doctor --fix"],
  async run(cli, values) {
    const diagnosis = await diagnose(cli.call(values), { fix: values.fix });
    const { findings, fixed, fileSystem, sound } = diagnosis;
    return {
      fields: {
        ...(sound ? {} : problemFields(diagnosis)),
        findings,
        fixed,
        file_system: fileSystem?.type ?? null,
        mount_point: fileSystem?.mountPoint ?? null,
      },
      text: diagnosisText({ findings, fixed, fileSystem, dryRun: cli.dryRun }),
      exitCode: sound ? 0 : EXIT_CODES.PROBLEMS_FOUND,
      changed: fixed.length > 0 && !cli.dryRun,
    };
  },
});

/** The keys that every refusal has, beside the findings. */
function problemFields({ findings }: Diagnosis): Record<string, unknown> {
  const fixable = findings.some((entry) => entry.fixable);
  return {
    error: "PROBLEMS_FOUND",
    message: summaryOf(findings),
    hint: fixable ? "Mend what is derived: mai doctor --fix" : "Each finding says what to do next.",
    retryable: false,
    exit_code: EXIT_CODES.PROBLEMS_FOUND,
  };
}
