import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAI } from "../binary.ts";

/** What a command line came to: both streams in the order in which they were written. */
export interface Played {
  readonly code: number;
  readonly output: string;
}

/** Command lines that lead to each situation which scenes start from; each one goes on from the one before. */
const SITUATIONS: Readonly<Record<string, readonly string[]>> = {
  empty: [],
  team: [
    "mai setup --root admin",
    "mai init -o admin",
    "mai agent add alice -o admin",
    "mai agent add bob -o admin",
  ],
  issue: ['mai issue new questions "Technical review" -o bob'],
  claimed: ["mai issue claim REQ-001 -o alice"],
};

/** Where the documents say that project and home lie. */
const SHOWN_ROOT = "/srv/team";
const SHOWN_HOME = "/home/admin";

/** A project and a home on which the lines of documents run, always at the same path. */
export class Stage {
  readonly #base = mkdtempSync(join(tmpdir(), "mai-documents-"));
  readonly #here = join(this.#base, "now");

  constructor() {
    mkdirSync(join(this.#base, "bin"));
    symlinkSync(MAI, join(this.#base, "bin", "mai"));
    this.#makeSituations();
  }

  /** Starts over from a situation. */
  start(situation: string): void {
    if (!(situation in SITUATIONS)) throw new Error(`There is no situation '${situation}'.`);
    rmSync(this.#here, { recursive: true, force: true });
    copyTree(join(this.#base, `start-${situation}`), this.#here);
  }

  /** Runs a line in a shell, as a reader would; output is what a terminal shows, or standard output alone. */
  play(command: string, output: "terminal" | "stdout" = "terminal"): Played {
    const script = output === "terminal" ? `{ ${command}\n} 2>&1` : command;
    const child = Bun.spawnSync(["/bin/sh", "-c", script], {
      cwd: join(this.#here, "team"),
      env: { HOME: join(this.#here, "home"), PATH: `${join(this.#base, "bin")}:/usr/bin:/bin` },
      stdin: "ignore",
    });
    return { code: child.exitCode, output: this.#asShown(child.stdout.toString()) };
  }

  /** Puts a file into the project's directory. */
  write(path: string, text: string): void {
    writeFileSync(join(this.#here, "team", path), text);
  }

  /** Keeps how things stand now, to come back to. */
  keep(name: string): void {
    copyTree(this.#here, join(this.#base, `kept-${name}`));
  }

  /** Does something with things as they were kept; afterwards they are as they are now. */
  atKept<T>(name: string, act: () => T): T {
    const later = join(this.#base, "later");
    renameSync(this.#here, later);
    copyTree(join(this.#base, `kept-${name}`), this.#here);
    try {
      return act();
    } finally {
      rmSync(this.#here, { recursive: true, force: true });
      renameSync(later, this.#here);
    }
  }

  /** Forgets everything that was kept. */
  forget(): void {
    for (const path of new Bun.Glob("kept-*").scanSync({ cwd: this.#base, onlyFiles: false }))
      rmSync(join(this.#base, path), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.#base, { recursive: true, force: true });
  }

  #makeSituations(): void {
    mkdirSync(join(this.#here, "team"), { recursive: true });
    mkdirSync(join(this.#here, "home"));
    for (const [name, lines] of Object.entries(SITUATIONS)) {
      for (const line of lines) {
        const { code, output } = this.play(line);
        if (code !== 0) throw new Error(`${line}: ${code} ${output}`);
      }
      copyTree(this.#here, join(this.#base, `start-${name}`));
    }
  }

  #asShown(output: string): string {
    return output
      .replaceAll(join(this.#here, "team"), SHOWN_ROOT)
      .replaceAll(join(this.#here, "home"), SHOWN_HOME);
  }
}

// Leases live by their modification times, so a copy has to keep them.
function copyTree(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
}
