import { visibleText } from "../../domain/text.ts";
import { errorMessage, isObject, isRequestId, type Message, type RequestId } from "./json-rpc.ts";
import { MAX_MESSAGE_BYTES, type MessageLine } from "./message-lines.ts";

/** Most requests that are answered at once: sleeping is cheap, but not free. */
const MOST_AT_ONCE = 100;

/** Answers one request; null for nothing to say. */
export type Answering = (request: Message, stop: AbortSignal) => Promise<Message | null>;

/**
 * One client: takes its messages in their order and answers each request when it is done, so that a request that
 * sleeps keeps none waiting. Whatever comes in, it goes on.
 */
export class Conversation {
  readonly #answering: Answering;
  readonly #send: (message: Message) => void;
  readonly #running = new Map<RequestId, AbortController>();
  readonly #work = new Set<Promise<void>>();

  constructor(answering: Answering, send: (message: Message) => void) {
    this.#answering = answering;
    this.#send = send;
  }

  /** Takes one line of the input. */
  take(line: MessageLine): void {
    if (line.kind === "fault") {
      const limit = `A message has at most ${MAX_MESSAGE_BYTES} bytes.`;
      this.#send(
        errorMessage(null, "parse", line.fault === "too large" ? limit : "That is no line of JSON."),
      );
      return;
    }
    const { message } = line;
    if (!isObject(message)) {
      this.#send(errorMessage(null, "request", "A message is one JSON object; there are no batches."));
    } else if (typeof message.method !== "string") {
      this.#takeAnswer(message);
    } else if (!Object.hasOwn(message, "id")) {
      this.#takeNotification(message);
    } else {
      this.#takeRequest(message);
    }
  }

  /** Ends all sleep. @param reason what ended it, for the answers */
  stop(reason: string): void {
    for (const controller of this.#running.values()) controller.abort(reason);
  }

  /** Resolves when nothing is left to answer. */
  async settled(): Promise<void> {
    await Promise.all(this.#work);
  }

  /** Nothing was asked of the client, so that an answer answers nothing. */
  #takeAnswer(message: Message): void {
    if (Object.hasOwn(message, "result") || Object.hasOwn(message, "error")) return;
    this.#send(errorMessage(null, "request", "A request names its method."));
  }

  /** Only one kind of notification asks for something; a tool that is called without an id is none. */
  #takeNotification({ method, params }: Message): void {
    if (method !== "notifications/cancelled" || !isObject(params) || !isRequestId(params.requestId)) return;
    const id = params.requestId;
    const controller = this.#running.get(id);
    // Whoever took its question back waits for no answer.
    this.#running.delete(id);
    controller?.abort("the client");
  }

  #takeRequest(request: Message): void {
    const { id } = request;
    if (!isRequestId(id)) {
      this.#send(errorMessage(null, "request", "The id of a request is a text or a whole number."));
    } else if (this.#running.has(id)) {
      this.#send(errorMessage(id, "request", "A request with this id is being answered."));
    } else if (this.#work.size >= MOST_AT_ONCE) {
      this.#send(errorMessage(id, "busy", `At most ${MOST_AT_ONCE} requests are answered at once.`));
    } else {
      const work = this.#answer(request, id).finally(() => this.#work.delete(work));
      this.#work.add(work);
    }
  }

  async #answer(request: Message, id: RequestId): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    const answer = await this.#answering(request, controller.signal).catch((error: unknown) =>
      errorMessage(
        id,
        "internal",
        visibleText(`A fault of mai: ${error instanceof Error ? error.message : error}`),
      ),
    );
    if (this.#running.get(id) !== controller) return;
    this.#running.delete(id);
    if (answer !== null) this.#send(answer);
  }
}
