import { differences, withoutVariables } from "./compare.ts";
import type { Scene, Step } from "./scenes.ts";
import type { Played, Stage } from "./stage.ts";

type ConsoleStep = Extract<Step, { kind: "console" }>;

/** A line that was run, and under which name the stage kept how things stood before it. */
interface PlayedLine extends Played {
  readonly command: string;
  readonly before: string;
}

/** What a scene really prints, beside what its document shows. */
export interface Seen {
  /** Output of a line, or the answer to it with `--json`. */
  readonly what: string;
  readonly shown: string;
  readonly real: string;
  readonly problems: readonly string[];
}

/** Runs a scene from its start. @returns what each of its lines and JSON blocks came to */
export function playScene(stage: Stage, scene: Scene): readonly Seen[] {
  stage.forget();
  stage.start(scene.start);
  return scene.steps.flatMap((step) => {
    if (step.kind === "console") return playConsole(stage, step);
    if (step.kind === "file") stage.write(step.path, step.text);
    else prepare(stage, step.command);
    return [];
  });
}

function prepare(stage: Stage, command: string): void {
  const { code, output } = stage.play(command);
  if (code !== 0) throw new Error(`${command}: ${code} ${output}`);
}

function playConsole(stage: Stage, { lines, answers }: ConsoleStep): readonly Seen[] {
  const played: PlayedLine[] = [];
  const seen: Seen[] = [];
  for (const { command, output } of lines) {
    const before = String(played.length);
    if (answers.length > 0) stage.keep(before);
    const real = stage.play(command);
    played.push({ ...real, command, before });
    seen.push({
      what: `$ ${command}`,
      shown: output,
      real: real.output,
      problems: textProblems(output, real),
    });
  }
  return [...seen, ...answers.map((answer) => checkAnswer(stage, played, answer))];
}

function textProblems(shown: string, { code, output }: Played): readonly string[] {
  const problems: string[] = [];
  if (withoutVariables(shown) !== withoutVariables(output))
    problems.push(`the document shows\n${shown}but it prints\n${output}`);
  if (/^ERROR: /m.test(output) !== (code !== 0)) problems.push(`exit status ${code} with that output`);
  return problems;
}

/** A JSON block belongs to the last line above it that is this command and ended this way. */
function checkAnswer(stage: Stage, played: readonly PlayedLine[], shown: string): Seen {
  const { command, ok } = JSON.parse(shown.split("\n", 1)[0] === "{" ? shown : (shown.split("\n")[0] ?? ""));
  const line = played.findLast(
    (one) => ok === undefined || (one.command.includes(`mai ${command}`) && (one.code === 0) === ok),
  );
  if (line === undefined)
    return { what: "json", shown, real: "", problems: [`no line above is: ${command}, ok ${ok}`] };
  const asJson = line.command.replace(/(^|\| )mai /, "$1mai --json ");
  const { code, output } = stage.atKept(line.before, () => stage.play(asJson, "stdout"));
  const found = differences(documents(shown), documents(output));
  const problems = code === line.code ? found : [...found, `exit status ${code}, in text ${line.code}`];
  return { what: `$ ${asJson}`, shown, real: output, problems };
}

/** One document, or one a line. */
export function documents(text: string): readonly ReturnType<typeof JSON.parse>[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }
}
