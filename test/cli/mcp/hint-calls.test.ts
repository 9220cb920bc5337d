import { afterEach, beforeEach, expect, test } from "bun:test";
import { callForms, openTool } from "../../../src/cli/mcp/call-tool.ts";
import { type CallForms, hintWithCalls } from "../../../src/cli/mcp/hint-calls.ts";
import { TOOLS, type ToolName } from "../../../src/cli/mcp/tools.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { call } from "./talk.ts";

const NOBODY = { operator: null, session: null };
async function formsFor(signer: { operator: string | null; session: string | null }): Promise<CallForms> {
  const names = Object.keys(TOOLS) as ToolName[];
  return callForms(await Promise.all(names.map((name) => openTool(name, signer))), signer);
}

test.each([
  ["Take it: mai issue claim REQ-001 -o bob", 'Take it: mai_next {"id":"REQ-001","operator":"bob"}'],
  [
    "Sleep until there is: mai next -o bob --wait.",
    'Sleep until there is: mai_next {"operator":"bob","wait":true}.',
  ],
  ["Look first: mai issue show REQ-001", 'Look first: mai_show {"id":["REQ-001"]}'],
  ["See: mai next --help", "See: tools/list"],
  ["See the valid ones: mai queue check", "See the valid ones: mai_check {}"],
  [
    'Do: mai issue transfer REQ-1 bob "done, see it" -o x',
    'Do: mai_transfer {"id":"REQ-1","handler":"bob","message":"done, see it","operator":"x"}',
  ],
  ["mai issue depend REQ-2 --on REQ-1", 'mai_block {"id":"REQ-2","on":["REQ-1"]}'],
  ["Then mai issue unblock REQ-2. Or wait.", 'Then mai_block {"id":"REQ-2","unblock":true}. Or wait.'],
  [
    "Tick: mai issue check REQ-1 2 -o a. Or --force",
    'Tick: mai_amend {"id":"REQ-1","n":["2"],"operator":"a"}. Or --force',
  ],
  ["mai wait --issue REQ-1 --until COMPLETED", 'mai_wait {"issue":"REQ-1","until":"COMPLETED"}'],
  ["Make one: mai init. Or name one: --project PATH", "Make one: mai init. Or name one: --project PATH"],
  ["If sure: mai lock release REQ-1 --force --yes", "If sure: mai lock release REQ-1 --force --yes"],
  [
    "mai follows no symbolic links; put the file there.",
    "mai follows no symbolic links; put the file there.",
  ],
])("%s", async (hint, expected) => {
  expect(hintWithCalls(hint, await formsFor(NOBODY))).toBe(expected);
});

test("a call leaves out what the server signs by itself", async () => {
  const forms = await formsFor({ operator: "bob", session: null });
  expect(hintWithCalls("Take it: mai issue claim REQ-001 -o bob", forms)).toBe(
    'Take it: mai_next {"id":"REQ-001"}',
  );
});

let box: Sandbox;
beforeEach(async () => {
  box = await Sandbox.withTeam();
});
afterEach(() => box.remove());

test("a refusal says it in its text and in its document", async () => {
  const result = await call(box, "mai_next", { operator: "alice" });
  expect(result.structuredContent.hint).toContain('mai_next {"operator":"alice","wait":true}');
  expect(result.content[0].text).toContain('mai_next {"operator":"alice","wait":true}');
  const nobody = await call(box, "mai_release", { id: "REQ-001" });
  expect(nobody.structuredContent.hint).toStartWith("Give operator");
});
