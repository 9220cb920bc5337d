import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXIT_CODES } from "../../src/domain/errors.ts";
import type { Sandbox } from "./sandbox.ts";

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const SECRET = "what stands outside of project and home";

/** A file beside the project that no command may read or write, whatever leads there. */
export class Outside {
  readonly path: string;
  readonly #box: Sandbox;

  constructor(box: Sandbox) {
    this.#box = box;
    this.path = join(box.base, "outside");
    writeFileSync(this.path, SECRET);
  }

  /**
   * Runs a command line and says what is wrong with how it went: a fault of mai, a control character, a JSON answer
   * that is none, something read, written or made outside.
   */
  async faultsOf(argv: readonly string[]): Promise<readonly string[]> {
    const { code, stdout, stderr } = await this.#box.run(...argv);
    const said = stdout + stderr;
    const around = readdirSync(this.#box.base).sort().join();
    return [
      ...(code === EXIT_CODES.INTERNAL_ERROR ? [`a fault of mai: ${said.slice(0, 600)}`] : []),
      ...(CONTROL.test(said) ? [`a control character: ${JSON.stringify(said.slice(0, 300))}`] : []),
      ...(argv.includes("--json") && !isDocument(stdout, stderr)
        ? [`no document: ${said.slice(0, 300)}`]
        : []),
      ...(said.includes(SECRET) ? ["it read outside"] : []),
      ...(readFileSync(this.path, "utf8") === SECRET ? [] : ["it wrote outside"]),
      ...(around === "home,outside,work" ? [] : [`it made something outside: ${around}`]),
    ];
  }
}

function isDocument(stdout: string, stderr: string): boolean {
  try {
    JSON.parse(stdout);
    return stderr === "";
  } catch {
    return false;
  }
}
