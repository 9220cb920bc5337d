import { visibleText } from "../../domain/text.ts";
import { errorMessage, isObject, isRequestId, type Message, type RequestId } from "./json-rpc.ts";
import { MAX_MESSAGE_BYTES, type MessageLine } from "./message-lines.ts";
import { Questions } from "./questions.ts";

/** Most requests that are answered at once: sleeping is cheap, but not free. */
const MOST_AT_ONCE = 100;

/** Answers one request; null for nothing to say. */
export type Answering = (request: Message, stop: AbortSignal) => Promise<Message | null>;

/** What serves one client: answers its requests, and hears what it is told. */
export interface Server {
  readonly answer: Answering;
  /** @param ask asks the client something; null for no answer, an error, or an answer that takes too long */
  readonly hear: (method: string, ask: (method: string) => Promise<Message | null>) => void;
}

/** Takes one answer, or the answers to a batch. */
export type Sending = (message: Message | readonly Message[]) => void;

/**
 * One client: takes its messages in their order and answers each request when it is done, so that a request that
 * sleeps keeps none waiting. No input ends it.
 */
export class Conversation {
  readonly #server: Server;
  readonly #send: Sending;
  readonly #running = new Map<RequestId, AbortController>();
  readonly #work = new Set<Promise<void>>();
  readonly #batches = new Set<Promise<void>>();
  readonly #questions: Questions;

  constructor(server: Server, send: Sending) {
    this.#server = server;
    this.#send = send;
    this.#questions = new Questions(send);
  }

  /** Takes one line of the input. */
  take(line: MessageLine): void {
    if (line.kind === "fault") {
      const limit = `A message has at most ${MAX_MESSAGE_BYTES} bytes.`;
      this.#send(
        errorMessage(line.id, "parse", line.fault === "too large" ? limit : "That is no line of JSON."),
      );
    } else if (Array.isArray(line.message) && line.message.length > 0) {
      this.#takeBatch(line.message);
    } else {
      this.#takeMessage(line.message, this.#send);
    }
  }

  /** Ends all sleep. @param reason what ended it, for the answers */
  stop(reason: string): void {
    for (const controller of this.#running.values()) controller.abort(reason);
    this.#questions.giveUp();
  }

  /** Resolves when nothing is left to answer. */
  async settled(): Promise<void> {
    await Promise.all([...this.#work, ...this.#batches]);
  }

  /** A batch is answered by one list, when the last of its requests is answered; notifications alone by nothing. */
  #takeBatch(messages: readonly unknown[]): void {
    const answers: Message[] = [];
    const parts = messages.map((message) =>
      this.#takeMessage(message, (answer) => void answers.push(answer)),
    );
    const batch = Promise.all(parts)
      .then(() => (answers.length > 0 ? this.#send(answers) : undefined))
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  /** @returns resolves when the message is dealt with */
  async #takeMessage(message: unknown, send: (answer: Message) => void): Promise<void> {
    if (!isObject(message)) {
      send(errorMessage(null, "request", "A message is a JSON object, a batch a list of them."));
    } else if (typeof message.method !== "string") {
      if (!this.#questions.takeAnswer(message))
        send(errorMessage(null, "request", "A request names its method."));
    } else if (Object.hasOwn(message, "id")) {
      await this.#takeRequest(message, send);
    } else {
      this.#takeNotification(message, message.method);
    }
  }

  /** A tool that is called without an id is not called. */
  #takeNotification({ params }: Message, method: string): void {
    if (method !== "notifications/cancelled") {
      this.#server.hear(method, (asked) => this.#questions.ask(asked));
      return;
    }
    if (!isObject(params) || !isRequestId(params.requestId)) return;
    const id = params.requestId;
    const controller = this.#running.get(id);
    // A client that takes its question back waits for no answer.
    this.#running.delete(id);
    controller?.abort("the client");
  }

  async #takeRequest(request: Message, send: (answer: Message) => void): Promise<void> {
    const { id } = request;
    if (!isRequestId(id)) {
      send(errorMessage(null, "request", "The id of a request is a text or a whole number."));
    } else if (this.#running.has(id)) {
      send(errorMessage(id, "request", "A request with this id is being answered."));
    } else if (this.#work.size >= MOST_AT_ONCE) {
      send(errorMessage(id, "busy", `At most ${MOST_AT_ONCE} requests are answered at once.`));
    } else {
      const work = this.#answer(request, id, send).finally(() => this.#work.delete(work));
      this.#work.add(work);
      await work;
    }
  }

  async #answer(request: Message, id: RequestId, send: (answer: Message) => void): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const answer = await this.#server
      .answer(request, controller.signal)
      .catch((error: unknown) =>
        errorMessage(
          id,
          "internal",
          visibleText(`A fault of mai: ${error instanceof Error ? error.message : error}`),
        ),
      );
    if (this.#running.get(id) !== controller) return;
    this.#running.delete(id);
    if (answer !== null) send(answer);
  }
}
