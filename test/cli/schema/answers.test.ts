import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { ANSWER_SHAPES } from "../../../src/output/answer-schemas/answer-shapes.ts";
import { answerFaults } from "../../support/answer-check.ts";
import { prepareTeam, READING } from "../../support/every-command.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { readerOf } from "../../support/schema-reader.ts";

type JsonMap = Readonly<Record<string, unknown>>;

let box: Sandbox;
let all: { readonly batch: JsonMap; readonly answers: Record<string, JsonMap>; readonly refusal: JsonMap };

beforeAll(async () => {
  box = new Sandbox();
  await prepareTeam(box);
  all = (await box.ok("schema")).json.schema;
});
afterAll(() => box.remove());

async function printed(...argv: readonly string[]): Promise<JsonMap> {
  const run = await box.run("schema", ...argv);
  expect([run.code, run.stderr]).toEqual([0, ""]);
  return JSON.parse(run.stdout);
}

test("every command says what it answers", () => {
  expect(Object.keys(all.answers)).toEqual(Object.keys(COMMANDS));
  expect([...Object.keys(ANSWER_SHAPES), "batch"].toSorted()).toEqual(Object.keys(COMMANDS).toSorted());
});

test("mai schema prints what its JSON answer holds, and each part by its name", async () => {
  expect(await printed()).toEqual(all);
  expect(await printed("issue", "claim")).toEqual(all.answers["issue claim"] ?? {});
  expect(await printed("batch")).toEqual(all.batch);
  expect(await printed("batch", "--answer")).toEqual(all.answers.batch ?? {});
  expect(await printed("refusal")).toEqual(all.refusal);
  const { answers } = await printed("lock");
  expect(Object.keys(answers as JsonMap)).toEqual([
    "lock check",
    "lock renew",
    "lock release",
    "lock guardian",
  ]);
});

test("each schema names the draft, and another program takes it", () => {
  const schemas = [all.batch, all.refusal, ...Object.values(all.answers)];
  for (const schema of schemas) {
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(readerOf(schema)({ ok: "perhaps" })).toBeString();
  }
  expect(new Set(schemas.map(({ title }) => title)).size).toBe(schemas.length);
});

test.each([
  [["schema", "issue", "clam"], "Did you mean 'claim'?"],
  [["schema", "bach"], "Did you mean 'batch'?"],
  [["schema", "help", "me"], "mai help"],
])("mai %p is refused and names what is meant", async (line, hint) => {
  const { code, json } = await box.json(...line);
  expect([code, json.error]).toEqual([64, "USAGE"]);
  expect(json.hint).toContain(hint);
});

describe("the answers of commands that read are as their schema says:", () => {
  const runnable = Object.entries(READING).flatMap(([name, argv]) => (argv === null ? [] : [{ name, argv }]));
  test.each(runnable)("$name", async ({ name, argv }) => {
    const { stdout } = await box.run("--json", ...argv);
    const documents: JsonMap[] =
      stdout.trimEnd() === ""
        ? []
        : stdout
            .trimEnd()
            .split("\n")
            .map((line) => JSON.parse(line));
    expect(documents.length > 0 || name === "mcp").toBe(true);
    for (const document of documents) {
      const isRefusal = document.ok === false;
      expect(answerFaults(document, name)).toEqual([]);
      expect(readerOf(isRefusal ? all.refusal : (all.answers[name] ?? {}))(document)).toBeNull();
    }
  });
});

test("a key that no schema knows, one that is missing, and one of another kind are faults", async () => {
  const { json } = await box.ok("issue", "show", "REQ-001");
  const { lock: _, ...less } = json;
  expect(answerFaults(json)).toEqual([]);
  expect(answerFaults({ ...json, extra: 1 }).join()).toContain("extra");
  expect(answerFaults({ ...json, issue: { ...json.issue, extra: 1 } }).join()).toContain("extra");
  expect(answerFaults(less).join()).toContain("lock");
  expect(answerFaults({ ...json, warnings: "none" }).join()).toContain("warnings");
  expect(answerFaults({ ...json, command: "issue shown" })).not.toEqual([]);
  const refused = (await box.json("issue", "show", "REQ-009")).json;
  expect(answerFaults({ ...refused, exit_code: 3.5 })).not.toEqual([]);
});

test("whatever a test asks the sandbox for has to be as its schema says", async () => {
  const asked = new Sandbox();
  const answer = { ok: true, command: "queue remove", queue: "q", idempotent: false, warnings: [] };
  const tell = (document: JsonMap) => {
    asked.program = {
      ...asked.program,
      runCli: async (_argv, context) => {
        context.stdout.write(JSON.stringify(document));
        return 0;
      },
    };
    return asked.json("queue", "remove", "q");
  };
  expect((await tell(answer)).json).toEqual(answer);
  await expect(tell({ ...answer, later: 1 })).rejects.toThrow("later");
  asked.remove();
});

test("readers of an answer pass over keys that a later mai may add, and miss none that they were promised", async () => {
  const { json } = await box.ok("issue", "list");
  const read = readerOf(all.answers["issue list"] ?? {});
  expect(read({ ...json, later: true })).toBeNull();
  expect(read({ ...json, total: "1" })).toBeString();
  expect(read({ ...json, total: undefined })).toBeString();
});

test("no other command loads the schemas when it starts", async () => {
  const root = join(import.meta.dir, "../../../src");
  const files = [...new Bun.Glob("**/*.ts").scanSync(root)];
  const imports = await Promise.all(
    files.map(async (file) => {
      const found = new Bun.Transpiler({ loader: "ts" }).scanImports(await Bun.file(join(root, file)).text());
      return found.filter(({ path }) => isOfSchemas(path)).map(({ path, kind }) => ({ file, path, kind }));
    }),
  );
  const outside = imports
    .flat()
    .filter(({ file }) => !/^(cli\/schema|output\/answer-schemas)\//.test(file))
    .toSorted((a, b) => a.file.localeCompare(b.file));
  expect(outside).toEqual([
    { file: "cli/commands.ts", path: "./schema.ts", kind: "dynamic-import" },
    { file: "cli/schema.ts", path: "./schema/schema-document.ts", kind: "dynamic-import" },
  ]);
});

function isOfSchemas(path: string): boolean {
  return /answer-schemas|\/schema\.ts$|\/schema\/|to-json-schema/.test(path);
}
