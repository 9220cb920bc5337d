import type { Sandbox } from "../../support/sandbox.ts";

/** One answer of the server. */
export type Reply = ReturnType<typeof JSON.parse>;

/** Sends lines to `mai mcp`, ends its input, and returns what it answered. */
export async function talk(box: Sandbox, lines: readonly (object | string)[], ...options: readonly string[]) {
  box.stdin = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
  const { code, stdout, stderr } = await box.run(...options, "mcp");
  const replies: Reply =
    stdout === ""
      ? []
      : stdout
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line));
  return { code, stderr, stdout, replies };
}

/** A request of the protocol. */
export function request(id: unknown, method: string, params?: unknown): object {
  return { jsonrpc: "2.0", id, method, ...(params === undefined ? {} : { params }) };
}

/** A request that calls a tool. */
export function calling(name: string, args?: unknown, id: unknown = 1): object {
  return request(id, "tools/call", { name, ...(args === undefined ? {} : { arguments: args }) });
}

/** Calls one tool. @returns its result */
export async function call(
  box: Sandbox,
  name: string,
  args?: unknown,
  ...options: readonly string[]
): Promise<Reply> {
  const { replies } = await talk(box, [calling(name, args)], ...options);
  return replies[0]?.result;
}
