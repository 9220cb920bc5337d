import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { editJson } from "../../src/codec/json-edit.ts";

const HAND_WRITTEN = `{
    "name" : "team",
    "big": 12345678901234567890, "rate": 1.50,
    "queues": {"a": {"sla_minutes": 1}, "b": {}},
    "note": "a \\"quoted\\" } text"
}`;

test("setting a value changes that value alone: spaces, big numbers and key order stay", () => {
  const text = editJson(HAND_WRITTEN, { path: ["queues", "a", "sla_minutes"], value: null });
  expect(text).toBe(HAND_WRITTEN.replace('"sla_minutes": 1', '"sla_minutes": null'));
});

test("a new key takes the indent of its neighbours", () => {
  const text = editJson(HAND_WRITTEN, { path: ["root"], value: ["x"] });
  expect(text).toEndWith('"note": "a \\"quoted\\" } text",\n    "root": [\n        "x"\n    ]\n}');
});

test("a key that stands twice counts by its last; taken out, both go", () => {
  expect(editJson('{"a":1,"b":2,"a":3}', { path: ["a"], value: 4 })).toBe('{"a":1,"b":2,"a":4}');
  expect(editJson('{"a":1,"b":2,"a":3}', { path: ["a"], value: undefined })).toBe('{"b":2}');
});

test("the last key of an object can go and come back", () => {
  const empty = editJson('{\n  "a": {\n    "b": 1\n  }\n}\n', { path: ["a", "b"], value: undefined });
  expect(empty).toBe('{\n  "a": {}\n}\n');
  expect(editJson(empty, { path: ["a", "b"], value: 1 })).toBe('{\n  "a": {\n    "b": 1\n  }\n}\n');
});

test("taking out what is not there changes nothing", () => {
  expect(editJson(HAND_WRITTEN, { path: ["queues", "zzz"], value: undefined })).toBe(HAND_WRITTEN);
});

const KEY = fc.oneof(
  fc.constantFrom("a", "b", 'q"', "\\", "__proto__", "é", ""),
  fc.string({ maxLength: 4 }),
);

test("an edit of any JSON object does what assignment does, whatever its layout", () => {
  fc.assert(
    fc.property(
      fc.dictionary(KEY, fc.jsonValue({ maxDepth: 3 })),
      fc.array(KEY, { minLength: 1, maxLength: 3 }),
      fc.option(fc.jsonValue({ maxDepth: 2 }), { nil: undefined }),
      fc.constantFrom("", "  ", "\t"),
      (object, path, value, indent) => {
        const text = JSON.stringify(object, null, indent);
        const expected = assigned(JSON.parse(text), path, value);
        expect(JSON.parse(editJson(text, { path, value }))).toEqual(JSON.parse(JSON.stringify(expected)));
      },
    ),
    { numRuns: 2000 },
  );
});

type Json = Record<string, unknown>;

function assigned(object: Json, [key = "", ...rest]: readonly string[], value: unknown): Json {
  const copy = new Map(Object.entries(object));
  const inner = copy.get(key);
  const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
  if (value === undefined) {
    if (rest.length === 0) copy.delete(key);
    else if (isObject) copy.set(key, assigned(inner as Json, rest, value));
    else if (copy.has(key)) return object;
  } else copy.set(key, rest.length === 0 ? value : assigned(isObject ? (inner as Json) : {}, rest, value));
  return Object.fromEntries(copy);
}
