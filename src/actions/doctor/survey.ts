import { type ParsedConfig, parseConfigFile } from "../../codec/config-file.ts";
import { parseJson } from "../../codec/json.ts";
import { parseSequence, type Sequence } from "../../codec/sequence-file.ts";
import type { Config } from "../../domain/config.ts";
import { type ConfigFile, configFaults } from "../../domain/config-schema.ts";
import { MaiError } from "../../domain/errors.ts";
import { type Walk, walkProject } from "../../store/places/walk-project.ts";
import { CONFIG_PATH, SEQUENCE_PATH } from "../../store/project-paths.ts";
import type { ProjectView } from "../../store/reading/project-view.ts";
import type { Call } from "../call.ts";
import { readEventLog, type SurveyedEvent } from "./survey-events.ts";
import { type HistoryPlace, readHistoryLog } from "./survey-history.ts";
import { type SurveyedIssue, surveyArchive, surveyIssues } from "./survey-issues.ts";
import { TolerantReader } from "./tolerant-reader.ts";

/** Everything that the checks look at, read once. */
export interface Survey {
  readonly call: Call;
  readonly view: ProjectView;
  readonly reader: TolerantReader;
  readonly walk: Walk;
  /** The project's settings; the defaults where they cannot be read. */
  readonly config: Config;
  /** The settings as the file has them; empty where they cannot be read. */
  readonly configFile: ConfigFile;
  /** What is wrong with the settings, by dotted key; null when there is no file. */
  readonly configFaults: readonly { readonly key: string; readonly expected: string }[] | null;
  /** Null where there is no file, or none that can be read. */
  readonly sequence: Sequence | null;
  readonly sequenceFault: string | null;
  readonly issues: readonly SurveyedIssue[];
  readonly archived: readonly SurveyedIssue[];
  readonly events: readonly SurveyedEvent[];
  readonly history: readonly HistoryPlace[];
}

/** Directories that a project consists of. */
const TOPS = [".mai", "async", "reports"];

/** Reads a whole project; nothing that is wrong in it stops the reading. */
export function surveyProject(call: Call, view: ProjectView): Survey {
  const reader = new TolerantReader(view);
  const { config, file, faults } = readConfig(reader);
  return {
    ...{ call, view, reader, config },
    configFile: file,
    walk: walkProject(call.workspace, TOPS),
    configFaults: faults,
    ...readSequence(reader),
    issues: surveyIssues(view, reader, config),
    archived: surveyArchive(view, reader),
    events: readEventLog(reader),
    history: readHistoryLog(reader),
  };
}

function readConfig(reader: TolerantReader): ParsedConfig & { readonly faults: Survey["configFaults"] } {
  const defaults = parseConfigFile("{}", CONFIG_PATH);
  const text = reader.text(CONFIG_PATH);
  if (text === null) return { ...defaults, faults: reader.faults.has(CONFIG_PATH) ? [] : null };
  const value = parseJson(text);
  if (value === undefined) return { ...defaults, faults: [{ key: "(whole file)", expected: "JSON" }] };
  const faults = configFaults(value);
  return { ...(faults.length > 0 ? defaults : parseConfigFile(text, CONFIG_PATH)), faults };
}

function readSequence(reader: TolerantReader): Pick<Survey, "sequence" | "sequenceFault"> {
  const text = reader.text(SEQUENCE_PATH);
  try {
    return { sequence: text === null ? null : parseSequence(text), sequenceFault: null };
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    return { sequence: null, sequenceFault: error.message };
  }
}
