/** Number or text by which an answer is told from others (https://www.jsonrpc.org/specification). */
export type RequestId = string | number;

/** A JSON object of the protocol, in or out. */
export type Message = Readonly<Record<string, unknown>>;

/** Codes of errors of the protocol itself. What a tool refuses is a result, with a code of mai. */
export const RPC_CODES = {
  parse: -32_700,
  request: -32_600,
  method: -32_601,
  params: -32_602,
  internal: -32_603,
  /** Free for servers: this one says that too much is asked at once. */
  busy: -32_000,
} as const satisfies Record<string, number>;

/** Returns an error as an answer; the id is null where the request's could not be read. */
export function errorMessage(id: RequestId | null, fault: keyof typeof RPC_CODES, message: string): Message {
  return { jsonrpc: "2.0", id, error: { code: RPC_CODES[fault], message } };
}

/** Tells whether a value is a JSON object, as against a list, a text and the like. */
export function isObject(value: unknown): value is Message {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells whether a value can name a request. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === "string" || (typeof value === "number" && Number.isSafeInteger(value));
}
