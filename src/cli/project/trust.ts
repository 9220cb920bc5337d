import {
  distrustProject,
  listTrusted,
  type TrustAnswer,
  type TrustedProject,
  trustProject,
} from "../../actions/projects/trust-project.ts";
import { MaiError } from "../../domain/errors.ts";
import type { Outcome } from "../../domain/outcome.ts";

import { type Answer, answerTo, defineCommand } from "../define-command.ts";

/** `mai project trust` */
export const command = defineCommand({
  words: "project trust",
  summary:
    "Trusts a project that belongs to other people: mai then uses it as you. The list is kept in your home and names the " +
    "owners of today; a project that somebody else puts there later is refused again.",
  args: {
    path: {
      type: "positional",
      required: false,
      description: "Directory that holds .mai, or will (the project at hand)",
    },
    list: { type: "boolean", description: "Show what you trust" },
    remove: { type: "boolean", description: "Do not trust PATH any longer" },
  },
  errors: ["PROJECT_NOT_FOUND", "PERMISSION_DENIED"],
  examples: ["mai project trust /srv/team", "mai project trust --list"],
  run(cli, values) {
    const call = cli.callAt(null, {});
    const { path } = values;
    const { cwd } = cli.context;
    if (values.list) return listAnswer(listTrusted(call));
    if (!values.remove) return trustAnswer(trustProject(call, cwd, path), "trusted");
    if (path === null) throw noPath();
    return trustAnswer(distrustProject(call, cwd, path), "not trusted");
  },
});

function noPath(): MaiError {
  return new MaiError("USAGE", "--remove needs the path of the project.", {
    hint: "See what you trust: mai project trust --list",
    fields: { argument: "path" },
  });
}

function trustAnswer(outcome: Outcome<TrustAnswer>, state: "trusted" | "not trusted"): Answer {
  const { project, idempotent } = outcome.answer;
  return answerTo(outcome, {
    fields: { ...project, trusted: state === "trusted", idempotent },
    text: `${project.path} is ${state}${idempotent ? " already" : ""}`,
  });
}

function listAnswer(projects: readonly TrustedProject[]): Answer {
  const lines = projects.map(({ path, owners }) => `${path}  owners: ${owners.join(", ") || "you"}`);
  return {
    fields: { projects, total: projects.length },
    text: lines.length === 0 ? "You trust no projects of other people." : lines.join("\n"),
  };
}
