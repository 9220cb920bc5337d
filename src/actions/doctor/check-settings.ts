import { parseSummaryStatus } from "../../codec/summary-status.ts";
import { FORMAT } from "../../domain/config.ts";
import { type Finding, finding } from "../../domain/doctor/finding.ts";
import { MaiError } from "../../domain/errors.ts";
import { CONFIG_PATH, SEQUENCE_PATH, SUMMARY_STATUS_PATH } from "../../store/project-paths.ts";
import type { Survey } from "./survey.ts";

/** Checks the settings against their schema, and that the queues that they name are there. */
export function checkConfig({ config, configFile, configFaults }: Survey): readonly Finding[] {
  if (configFaults === null) return [finding("config_missing", CONFIG_PATH, "There is no config.json.")];
  if (configFaults.length > 0) {
    return configFaults.map(({ key, expected }) =>
      finding("config_invalid", CONFIG_PATH, `${key} should be ${expected}.`),
    );
  }
  const { blockers_queue, escalation_queue } = configFile;
  return [
    ...(config.format > FORMAT
      ? [finding("format_too_new", CONFIG_PATH, `It has format ${config.format}; this mai writes ${FORMAT}.`)]
      : []),
    ...Object.entries({ blockers_queue, escalation_queue })
      .filter(([, queue]) => queue !== undefined && !config.queues.has(queue))
      .map(([key, queue]) =>
        finding("queue_missing", CONFIG_PATH, `${key} names ${queue}, which is no queue of this project.`),
      ),
  ];
}

/** Checks that the numbers given out can be read. */
export function checkSequenceFile({ sequenceFault }: Survey): readonly Finding[] {
  return sequenceFault === null ? [] : [finding("sequence_invalid", SEQUENCE_PATH, sequenceFault)];
}

/** Checks the round of daily summaries. */
export function checkSummaryStatus({ reader }: Survey): readonly Finding[] {
  const text = reader.text(SUMMARY_STATUS_PATH);
  if (text === null) return [];
  try {
    parseSummaryStatus(text, SUMMARY_STATUS_PATH);
    return [];
  } catch (error) {
    if (!(error instanceof MaiError)) throw error;
    return [finding("summary_invalid", SUMMARY_STATUS_PATH, error.message)];
  }
}
