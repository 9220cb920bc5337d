import { expect, test } from "bun:test";
import { isOperatorName, isPlainName } from "../../src/domain/names.ts";

test.each(["alice", "a", "Team-1_x", "9lives", "x".repeat(64), "名", "名".repeat(64), "a b", "a.b", "é"])(
  "%j is a plain name",
  (name) => {
    expect(isPlainName(name)).toBe(true);
  },
);

test.each([
  ...["", ".", ".hidden", "a/b", "a\\b", " a", "a ", "a\n", "a\tb", "\u0007", "a\u202eb"],
  ...["x".repeat(65), "名".repeat(65), "constructor", "prototype", "__proto__"],
])("%j is no plain name", (name) => {
  expect(isPlainName(name)).toBe(false);
});

test.each(["a|b", "a:b", "@a", "a[b", "a]b"])("%j is a plain name, and nobody signs with it", (name) => {
  expect([isPlainName(name), isOperatorName(name)]).toEqual([true, false]);
});
