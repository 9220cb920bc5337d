import type { Workspace } from "../workspace.ts";
import { discardTemp, openTemp, type TempFile } from "./replace-file.ts";

/** The temp file that the journal record will be written to: made early, it also tells the file system's time. */
export class SpareTemp {
  readonly #workspace: Workspace;
  #temp: TempFile | null = null;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  nowMs(): number {
    this.#temp ??= openTemp(this.#workspace);
    return this.#workspace.system.fs.fstatSync(this.#temp.fd).mtimeMs;
  }

  give(): TempFile | null {
    const temp = this.#temp;
    this.#temp = null;
    return temp;
  }

  discard(): void {
    const temp = this.give();
    if (temp === null) return;
    this.#workspace.system.fs.closeSync(temp.fd);
    discardTemp(this.#workspace, temp.path);
  }
}
