import { isObject, type Message } from "./json-rpc.ts";

/** How long a client has for an answer, in milliseconds. Many say that they can tell something, and never do. */
const ANSWER_WITHIN_MS = 2000;

/** What the server asks the client, by ids of its own. */
export class Questions {
  readonly #send: (message: Message) => void;
  readonly #open = new Map<string, (answer: Message | null) => void>();
  #count = 0;

  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  /** Asks. @returns the result; null for an error, or none in time */
  async ask(method: string): Promise<Message | null> {
    this.#count += 1;
    const id = `mai-${this.#count}`;
    const answer = new Promise<Message | null>((resolve) => this.#open.set(id, resolve));
    const timer = setTimeout(() => this.#close(id, null), ANSWER_WITHIN_MS);
    this.#send({ jsonrpc: "2.0", id, method });
    return answer.finally(() => clearTimeout(timer));
  }

  /** Takes an answer; one to nothing is left out. @returns false for what is no answer */
  takeAnswer(message: Message): boolean {
    const { id, result } = message;
    if (!(Object.hasOwn(message, "result") || Object.hasOwn(message, "error"))) return false;
    if (typeof id === "string") this.#close(id, isObject(result) ? result : null);
    return true;
  }

  /** Waits for no answer any longer. */
  giveUp(): void {
    for (const id of [...this.#open.keys()]) this.#close(id, null);
  }

  #close(id: string, answer: Message | null): void {
    this.#open.get(id)?.(answer);
    this.#open.delete(id);
  }
}
