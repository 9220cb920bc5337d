import { MaiError } from "../../domain/errors.ts";
import type { CommandContext, RequestFacts } from "../define-command.ts";
import { isObject, type Message } from "./json-rpc.ts";

/** Asks the client; null for no answer. */
type Asking = (method: string) => Promise<Message | null>;

/**
 * Knows where the client works. A project that is named (`--project`, MAI_PROJECT) counts before all; else the
 * project is looked for upwards from the client's roots, from CLAUDE_PROJECT_DIR, and from the current directory.
 */
export class ClientDirectories {
  readonly #cli: CommandContext;
  #wantsRoots = false;
  #roots: Promise<readonly string[]> = Promise.resolve([]);

  constructor(cli: CommandContext) {
    this.#cli = cli;
  }

  /** Takes note of a greeting: whether the client can tell its roots. */
  greet(params: unknown): void {
    const { capabilities } = isObject(params) ? params : {};
    this.#wantsRoots = isObject(capabilities) && isObject(capabilities.roots) && !this.#isNamed();
  }

  /** Takes a notification: asks for the roots when the client is ready, and when they changed. */
  hear(method: string, ask: Asking): void {
    const isAbout = method === "notifications/initialized" || method === "notifications/roots/list_changed";
    if (isAbout && this.#wantsRoots) this.#roots = ask("roots/list").then(directoriesIn);
  }

  /** Returns what a request works with, in the directory from which a project is found. */
  async forRequest(request: RequestFacts): Promise<CommandContext> {
    const own = this.#cli.forRequest(request);
    if (this.#isNamed()) return own;
    for (const cwd of [...(await this.#roots), ...this.#ofEnvironment()]) {
      if (this.#hasProject(request, cwd)) return this.#cli.forRequest({ ...request, cwd });
    }
    return own;
  }

  #isNamed(): boolean {
    const { MAI_PROJECT, AGENTS_PROJECT } = this.#cli.context.env;
    return this.#cli.project !== null || Boolean(MAI_PROJECT || AGENTS_PROJECT);
  }

  #ofEnvironment(): readonly string[] {
    const directory = this.#cli.context.env.CLAUDE_PROJECT_DIR ?? "";
    return directory.startsWith("/") ? [directory] : [];
  }

  #hasProject(request: RequestFacts, cwd: string): boolean {
    try {
      return this.#cli.forRequest({ ...request, warn: () => undefined, cwd }).callIfHere() !== null;
    } catch (error) {
      // There is one, and the command will say what is wrong with it.
      if (error instanceof MaiError) return true;
      throw error;
    }
  }
}

/** Returns the directories of an answer to `roots/list`, in its order; what is no local directory is left out. */
function directoriesIn(answer: Message | null): readonly string[] {
  const roots = Array.isArray(answer?.roots) ? answer.roots : [];
  return roots.flatMap((root: unknown) => (isObject(root) ? pathOf(root.uri) : []));
}

/** An address of another machine, or with a broken escape, names no directory here. */
function pathOf(uri: unknown): readonly string[] {
  const url = typeof uri === "string" && URL.canParse(uri) ? new URL(uri) : null;
  if (url?.protocol !== "file:" || url.hostname !== "" || /%(?:2f|00)/i.test(url.pathname)) return [];
  try {
    return [decodeURIComponent(url.pathname)];
  } catch (error) {
    if (error instanceof URIError) return [];
    throw error;
  }
}
