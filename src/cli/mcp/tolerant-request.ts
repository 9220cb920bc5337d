import { isObject, type Message } from "./json-rpc.ts";

/** Version that is offered to a client whose version is no date, as drafts are. */
const VERSION_FOR_DRAFTS = "2025-06-18";

/**
 * Brings a request into the form that the protocol asks for, where clients are known to differ: `null` for what is
 * absent, and greetings that say little.
 */
export function tolerant(request: Message): Message {
  const { params, ...rest } = request;
  if (params === undefined || params === null) return rest;
  if (!isObject(params)) return request;
  const given = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null));
  if (request.method === "initialize") return { ...request, params: greeting(given) };
  return { ...request, params: given };
}

function greeting(given: Message): Message {
  const {
    protocolVersion: version,
    capabilities = {},
    clientInfo = { name: "unknown", version: "0" },
  } = given;
  const isDraft = typeof version === "string" && !/^\d{4}-\d{2}-\d{2}$/.test(version);
  return { ...given, capabilities, clientInfo, ...(isDraft ? { protocolVersion: VERSION_FOR_DRAFTS } : {}) };
}
