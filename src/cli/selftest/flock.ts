import { tryFlock } from "../../actions/selftest/flock.ts";
import { MaiError } from "../../domain/errors.ts";
import { defineCommand } from "../define-command.ts";

/** Longest hold, in seconds. */
const LONGEST_HOLD = 600;

/** `mai selftest flock` */
export const command = defineCommand({
  words: "selftest flock",
  summary:
    "Tries once to lock the project's config.json with flock(2), and lets it go: run it on two machines or in two " +
    "containers that share the project to see whether one locks the other out. Writes nothing.",
  args: {
    hold: {
      type: "string",
      kind: "count",
      valueHint: "SECONDS",
      description: `Keep it so long (0 to ${LONGEST_HOLD})`,
    },
  },
  errors: ["BUSY", "IO_ERROR"],
  examples: [
    "mai selftest flock --hold 60   # here",
    "mai selftest flock             # there: must say BUSY",
  ],
  run(cli, values) {
    const hold = values.hold ?? 0;
    if (hold > LONGEST_HOLD)
      throw new MaiError("USAGE", `--hold takes at most ${LONGEST_HOLD} seconds.`, {
        hint: "See: mai selftest flock --help",
      });
    const { path, file, heldSeconds } = tryFlock(cli.call({}), cli.dryRun ? 0 : hold);
    return {
      fields: { path, file, held_seconds: heldSeconds },
      text: `Locked ${path} for ${heldSeconds} s: nobody else had it.`,
    };
  },
});
