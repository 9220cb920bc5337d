import { formatJson } from "../../output/json.ts";
import { muteConsole } from "../../output/messages.ts";
import type { CommandContext, StreamLine } from "../define-command.ts";
import { Conversation, type Sending } from "./conversation.ts";
import type { Message } from "./json-rpc.ts";
import { MessageLines } from "./message-lines.ts";
import { openProtocol } from "./protocol.ts";
import type { Signer } from "./signer.ts";

/** Answers messages on standard input, one JSON object a line each way, until the input ends or nobody listens. */
export async function* serve(cli: CommandContext, signer: Signer): AsyncGenerator<StreamLine> {
  const server = await openProtocol(cli, signer);
  const outbox = new Outbox();
  const conversation = new Conversation(server, (message) => outbox.put(message));
  const end = new AbortController();
  const restoreConsole = muteConsole();
  try {
    const chunks = cli.context.stdin.chunks(end.signal);
    converse(chunks, conversation).then(
      () => outbox.close(null),
      (error: unknown) => outbox.close({ error }),
    );
    for await (const message of outbox.messages()) {
      // A batch is answered by a list, which is one line as any other.
      yield { fields: message as Message, text: formatJson(message as Message, "compact") };
    }
  } finally {
    conversation.stop("a client that went away");
    end.abort();
    restoreConsole();
  }
}

async function converse(chunks: AsyncIterable<Uint8Array>, conversation: Conversation): Promise<void> {
  const lines = new MessageLines();
  for await (const chunk of chunks) {
    for (const line of lines.add(chunk)) conversation.take(line);
  }
  for (const line of lines.end()) conversation.take(line);
  conversation.stop("the end of the input");
  await conversation.settled();
}

/** Messages on their way out, in the order in which they were put. */
class Outbox {
  readonly #messages: Parameters<Sending>[0][] = [];
  #ending: { readonly error?: unknown } | "open" = "open";
  #wake: () => void = () => undefined;

  put(message: Parameters<Sending>[0]): void {
    this.#messages.push(message);
    this.#wake();
  }

  /** Lets the messages end behind those that are there. @param fault what ended them, null for nothing */
  close(fault: { readonly error: unknown } | null): void {
    this.#ending = fault ?? {};
    this.#wake();
  }

  async *messages(): AsyncGenerator<Parameters<Sending>[0]> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) {
        yield message;
      } else if (this.#ending !== "open") {
        if ("error" in this.#ending) throw this.#ending.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
