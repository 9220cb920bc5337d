import { type RaceResult, race } from "../../actions/selftest/race.ts";
import { EXIT_CODES, MaiError } from "../../domain/errors.ts";
import { raceText } from "../../output/race-text.ts";
import { defineCommand } from "../define-command.ts";
import { refuseProject } from "../refuse-project.ts";

const PROCESSES = 16;
const FEWEST = 2;
const MOST = 256;

/** `mai selftest race` */
export const command = defineCommand({
  words: "selftest race",
  summary:
    "Proves on your own file system that of many processes one gets an issue, and that nothing acknowledged is lost: " +
    "processes of this program claim, amend and create in a scratch project, which is removed afterwards.",
  args: {
    processes: {
      type: "string",
      kind: "count",
      valueHint: "N",
      description: `Processes at once, ${FEWEST} to ${MOST} (${PROCESSES})`,
    },
    dir: { type: "string", valueHint: "PATH", description: "Where to make the scratch project (here)" },
  },
  errors: ["PROBLEMS_FOUND", "IO_ERROR"],
  examples: ["mai selftest race", "mai selftest race --processes 64 --dir /mnt/shared"],
  async run(cli, values) {
    refuseProject(cli, "selftest race", "mai selftest race --dir PATH");
    const processes = values.processes ?? PROCESSES;
    if (processes < FEWEST || processes > MOST) {
      throw new MaiError("USAGE", `--processes takes ${FEWEST} to ${MOST}, not ${processes}.`, {
        hint: "See: mai selftest race --help",
      });
    }
    const result = await race(cli.callAt(values.dir, {}), processes);
    return {
      fields: { ...(result.right ? {} : problemFields(result)), ...resultJson(result) },
      text: cli.dryRun ? `Would race ${processes} processes in ${result.directory}.` : raceText(result),
      exitCode: result.right ? 0 : EXIT_CODES.PROBLEMS_FOUND,
    };
  },
});

function resultJson(result: RaceResult): Record<string, unknown> {
  const { directory, processes, fileSystem, rounds, findings, seconds } = result;
  const file_system = fileSystem?.type ?? null;
  return { directory, file_system, processes, rounds, findings, seconds };
}

/** The keys that every refusal has, beside the table. */
function problemFields({ directory }: RaceResult): Record<string, unknown> {
  return {
    error: "PROBLEMS_FOUND",
    message: `Changes were lost or doubled in ${directory}.`,
    hint: "Do not share a project there: use a local file system (docs/reliability.md).",
    retryable: false,
    exit_code: EXIT_CODES.PROBLEMS_FOUND,
  };
}
