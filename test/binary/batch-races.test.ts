import { afterAll, expect, test } from "bun:test";
import type { MutantName } from "../support/mutants.ts";
import { removeVariants, variant } from "../support/variant.ts";
import { type Race, raceBeside } from "./races.ts";

afterAll(removeVariants);

const TIMEOUT_MS = 120_000;
const BATCHES = 24;
/** Issues that each batch makes, and claims in the end. */
const ISSUES = 4;
/** Events of the project before the race: init, two agents with their queues, one issue. */
const EVENTS_BEFORE = 6;

/** Each batch makes a chain of issues, claims its last one and REQ-001, which only one of them can. */
const plan = (index: number) => [
  ...Array.from({ length: ISSUES }, (_, step) => ({
    command: "issue new",
    queue: "questions",
    title: `Batch ${index}, step ${step}`,
    ...(step === 0 ? {} : { ref: `$${step}` }),
  })),
  { command: "issue claim", id: `$${ISSUES}` },
  ...(index < BATCHES / 2 ? [{ command: "issue claim", id: "REQ-001", session: `s${index}` }] : []),
];
const FILES = Object.fromEntries(
  Array.from({ length: BATCHES }, (_, index) => [
    `plan-${index}.jsonl`,
    plan(index)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(""),
  ]),
);
const lines = Object.keys(FILES).map((name, index) => [
  "--json",
  "batch",
  name,
  "-o",
  index % 2 ? "alice" : "bob",
]);

/** What is wrong with how the batches ended; nothing where each was whole or not at all. */
function faultsOf(result: Race): readonly string[] {
  const faults: string[] = [];
  const won = BATCHES / 2 + 1;
  if (result.codes["0"] !== won || result.codes["2"] !== BATCHES - won)
    faults.push(`exit statuses ${JSON.stringify(result.codes)}`);
  const made = result.ended.flatMap(({ code, stdout }) =>
    code === 0 ? [JSON.parse(stdout).made as string[]] : [],
  );
  const numbers = made.map((ids) => ids.map((id) => Number(id.slice(4))));
  if (numbers.some((ids) => ids.some((number, place) => number !== (ids[0] ?? 0) + place)))
    faults.push("the ids of one batch do not follow one another");
  const all = numbers.flat().toSorted((a, b) => a - b);
  if (all.some((number, place) => number !== place + 2))
    faults.push("ids are missing, or were given out twice");
  if (result.list(".mai/queues/questions").length !== 1 + won * ISSUES)
    faults.push("an issue too many or too few");
  const events = EVENTS_BEFORE + won * (ISSUES + 1) + 1;
  if (result.seqs.length !== events || result.seqs.some((seq, place) => seq !== place + 1))
    faults.push("events have gaps");
  if (!result.mirrorsEqual) faults.push("a mirror differs");
  return faults;
}

test(
  `${BATCHES} batches at once, half of which claim one issue: each is whole or not at all, ids and events without a gap`,
  async () => {
    expect(faultsOf(await raceBeside(FILES, lines))).toEqual([]);
  },
  TIMEOUT_MS,
);

const CONTROLS = [
  ["slow-decision", "no-lock"],
  ["decide-before-lock"],
  ["batch-in-pieces"],
] as const satisfies readonly (readonly MutantName[])[];

for (const faults of CONTROLS) {
  test(
    `the same race is lost by a program with the faults ${faults.join(" and ")}`,
    async () => {
      expect(faultsOf(await raceBeside(FILES, lines, await variant(...faults)))).not.toEqual([]);
    },
    TIMEOUT_MS,
  );
}
