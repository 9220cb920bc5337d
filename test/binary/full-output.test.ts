import { expect, test } from "bun:test";
import { BinaryProject, type Ended } from "../support/binary.ts";

/** Where every write fails with ENOSPC. */
const FULL_STDOUT = ["sh", "-c", '"$0" "$@" >/dev/full'];
const FULL_BOTH = ["sh", "-c", '"$0" "$@" >/dev/full 2>/dev/full'];

const TEAM = [
  ["init", "-o", "admin"],
  ["agent", "add", "alice", "-o", "admin"],
  ["agent", "add", "bob", "-o", "admin"],
  ["issue", "new", "questions", "One", "-o", "alice"],
];

for (const json of [[], ["--json"]]) {
  test(`a claim whose answer cannot be printed is a claim and exits 0 (${json.join() || "text"})`, async () => {
    const project = await BinaryProject.after(TEAM);
    const ended = await project.run([...json, "issue", "claim", "REQ-001", "-o", "alice"], {
      under: FULL_STDOUT,
    });
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining("could not be printed") });
    expect(await holder(project)).toBe("alice");
    project.remove();
  });

  test(`a refusal that cannot be printed keeps its exit status (${json.join() || "text"})`, async () => {
    const project = await BinaryProject.after([...TEAM, ["issue", "claim", "REQ-001", "-o", "alice"]]);
    const ended = await project.run([...json, "issue", "claim", "REQ-001", "-o", "bob"], {
      under: FULL_BOTH,
    });
    expect(ended).toEqual({ code: 2, stdout: "", stderr: "" } satisfies Ended);
    project.remove();
  });
}

test("a claim that can print nowhere at all is a claim and exits 0", async () => {
  const project = await BinaryProject.after(TEAM);
  const ended = await project.run(["issue", "claim", "REQ-001", "-o", "alice"], { under: FULL_BOTH });
  expect(ended).toEqual({ code: 0, stdout: "", stderr: "" } satisfies Ended);
  expect(await holder(project)).toBe("alice");
  project.remove();
});

test("a list that cannot be printed is an IO_ERROR: its reader must not take half of it for the whole", async () => {
  const project = await BinaryProject.after(TEAM);
  const ended = await project.run(["issue", "list"], { under: FULL_STDOUT });
  expect(ended).toMatchObject({ code: 74, stderr: expect.stringContaining("ENOSPC") });
  project.remove();
});

async function holder(project: BinaryProject): Promise<string> {
  const { stdout } = await project.ok("--json", "issue", "show", "REQ-001");
  return /"holder":"(\w+)"/.exec(stdout)?.[1] ?? "";
}
