import { parseConfigFile } from "../codec/config-file.ts";
import { type Config, FORMAT, rootsOf } from "../domain/config.ts";
import type { ConfigFile } from "../domain/config-schema.ts";
import { MaiError } from "../domain/errors.ts";
import { didYouMean } from "../domain/nearest.ts";
import { type Team, whoAreRoots } from "../domain/roles.ts";
import { globalRoots } from "../store/places/home.ts";
import { CONFIG_PATH } from "../store/project-paths.ts";
import { queueNames } from "../store/reading/issue-files.ts";
import type { ProjectView } from "../store/reading/project-view.ts";
import { actorOf, type Call } from "./call.ts";

/** The team of a project, and its settings file with what mai does not know. */
export interface TeamOnFile extends Team {
  readonly file: ConfigFile;
}

/**
 * Reads who the team is.
 * @throws CONFIG_INVALID, PROJECT_NOT_FOUND where `.mai` has no config.json
 */
export function readTeam(view: ProjectView, call: Call): TeamOnFile {
  const text = configText(view);
  if (text === null) {
    throw new MaiError("PROJECT_NOT_FOUND", `${call.workspace.root}/.mai has no config.json.`, {
      hint: `Make the project: cd ${call.workspace.root} && mai init`,
    });
  }
  const { config, file } = parseConfigFile(text, CONFIG_PATH);
  return { config, file, roots: rootsOf(config, globalRoots(call.home), call.osUser) };
}

/**
 * Reads who the team is, for a change.
 * @throws FORMAT_TOO_NEW beside what {@link readTeam} throws
 */
export function readTeamForChange(view: ProjectView, call: Call): TeamOnFile {
  const team = readTeam(view, call);
  if (team.config.format <= FORMAT) return team;
  throw new MaiError(
    "FORMAT_TOO_NEW",
    `This project has format ${team.config.format}; this mai writes format ${FORMAT}.`,
    {
      hint: "Install a newer mai; this one can still read the project.",
      fields: { format: team.config.format, supported: FORMAT },
    },
  );
}

/**
 * Refuses administration to anybody but a root; with no operator named anywhere, the owner of `.mai` may.
 * @returns who signs the change
 * @throws PERMISSION_DENIED
 */
export function requireAdministrator(call: Call, team: Team): string {
  const actor = actorOf(call);
  if (call.operator === null ? ownsProject(call) : team.roots.has(actor)) return actor;
  throw new MaiError(
    "PERMISSION_DENIED",
    `@${actor} may not administer this project: only ${whoAreRoots(team)} may.`,
    {
      hint: "Ask one of them, or sign as one with -o NAME.",
      fields: { operator: actor, roots: [...team.roots] },
    },
  );
}

/**
 * Refuses a queue that the project does not have.
 * @throws INVALID_QUEUE with the nearest name
 */
export function requireQueue(view: ProjectView, config: Config, queue: string): string {
  const names = queueNames(view, config);
  if (names.includes(queue)) return queue;
  throw new MaiError("INVALID_QUEUE", `There is no queue ${JSON.stringify(queue)}.`, {
    hint: didYouMean(queue, names, "mai queue check --all"),
    fields: { queue, queues: names },
  });
}

/** A settings file that is no text at all is a settings file that is wrong. */
function configText(view: ProjectView): string | null {
  try {
    return view.read(CONFIG_PATH);
  } catch (error) {
    if (!(error instanceof MaiError) || error.code !== "CORRUPT_FILE") throw error;
    throw new MaiError("CONFIG_INVALID", error.message, {
      hint: "Mend the file by hand; nothing is written until it is sound.",
      fields: { ...error.fields, path: CONFIG_PATH, expected: "JSON in UTF-8, in a regular file" },
      cause: error,
    });
  }
}

/** That user could edit the files anyway. */
function ownsProject(call: Call): boolean {
  const { fs, userId } = call.workspace.system;
  const user = userId();
  return user === 0 || fs.lstatSync(`${call.workspace.root}/.mai`).uid === user;
}
