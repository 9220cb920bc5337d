import type { Workspace } from "../workspace.ts";
import { discardTemp, fillTemp, moveFile, openTemp } from "./replace-file.ts";
import type { UnsyncedFiles } from "./unsynced-files.ts";

/** New texts of files, written to temp files that are yet to take their places. */
export class StagedFiles {
  readonly #place: Pick<Workspace, "root" | "system">;
  readonly #unsynced: UnsyncedFiles;
  readonly #durable: boolean;
  /** Temp file by the path that it is for. */
  readonly #temps = new Map<string, string>();

  constructor(
    place: Pick<Workspace, "root" | "system">,
    facts: { readonly unsynced: UnsyncedFiles; readonly durable: boolean },
  ) {
    this.#place = place;
    this.#unsynced = facts.unsynced;
    this.#durable = facts.durable;
  }

  /** Writes what a file shall hold, with the mode and group of that file. */
  stage(path: string, content: string | Uint8Array): void {
    const temp = openTemp(this.#place);
    this.#temps.set(path, temp.path);
    try {
      fillTemp(this.#place, temp, { path, content });
    } finally {
      this.#unsynced.add(temp.fd);
    }
  }

  /** Puts the staged text in place, once it is durable. @returns whether there was one */
  move(path: string): boolean {
    const temp = this.#temps.get(path);
    if (temp === undefined) return false;
    moveFile(this.#place, temp, { path, durable: this.#durable });
    this.#temps.delete(path);
    return true;
  }

  /** Removes what was not put in place. */
  discard(): void {
    for (const temp of this.#temps.values()) discardTemp(this.#place, temp);
    this.#temps.clear();
  }
}
