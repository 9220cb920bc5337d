import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { jsonFault } from "../../src/codec/json-fault.ts";

test.each([
  ["", "line 1, column 1: a value should stand here"],
  ['{"a": 1,}', "line 1, column 9: a key in double quotes should stand here"],
  ['{\n  "a": 1\n  "b": 2\n}', "line 3, column 3: a comma or the closing bracket should stand here"],
  ['{"a" 1}', "line 1, column 6: a colon should stand here"],
  ["{'a': 1}", "line 1, column 2: a key in double quotes or } should stand here"],
  ['{"a": tru}', "line 1, column 7: a value should stand here"],
  ['{"a": 01}', "line 1, column 7: a value should stand here"],
  ["{} x", "line 1, column 4: nothing more should stand here"],
  ['{"a": [1, 2}', "line 1, column 12: a comma or the closing bracket should stand here"],
])("%p is named at %s", (text, place) => {
  expect(jsonFault(text)).toBe(place);
});

test("it finds a fault exactly where JSON.parse does: in texts that are JSON, and in cut and altered ones", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(), fc.string({ maxLength: 2 }), (value, at, inserted) => {
      const whole = JSON.stringify(value, null, 1);
      const cut = at % (whole.length + 1);
      for (const text of [whole, whole.slice(0, cut), whole.slice(0, cut) + inserted + whole.slice(cut)])
        expect(jsonFault(text) === null).toBe(isJson(text));
    }),
    { numRuns: 3000 },
  );
});

test("a million open brackets are one fault, not a stack overflow", () => {
  expect(jsonFault("[".repeat(1_000_000))).toBe("line 1, column 1000001: a value or ] should stand here");
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
