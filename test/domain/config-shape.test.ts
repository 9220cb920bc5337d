import { expect, test } from "bun:test";
import fc from "fast-check";
import { newConfigFile } from "../../src/codec/config-file.ts";
import { configFaults } from "../../src/domain/config-schema.ts";
import { surelyFits } from "../../src/domain/config-shape.ts";

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    "",
    "x",
    "../x",
    "__proto__",
    0,
    -1,
    1,
    1.5,
    1e9,
    Number.NaN,
    [],
    {},
    ["a", 1],
    { a: 1 },
  ),
  fc.string(),
  fc.double(),
);

const NEW = newConfigFile({
  name: "team",
  initializedAt: "2026-04-30T19:23:47.120+08:00",
  durability: "full",
  root: ["admin"],
});

test("the quick test accepts what mai itself writes", () => {
  expect(surelyFits(JSON.parse(JSON.stringify(NEW)))).toBe(true);
});

test("the quick test never accepts settings that the schema refuses", () => {
  const key = fc.constantFrom(...Object.keys(NEW), "safe_check", "unknown");
  const part = fc.oneof(
    odd,
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("handler", "sla_minutes", "id_prefix")), odd),
    fc.dictionary(
      fc.string(),
      fc.dictionary(
        fc.constantFrom(
          "handler",
          "owner",
          "sla_minutes",
          "id_prefix",
          "heartbeat_minutes",
          "max_in_progress",
        ),
        odd,
      ),
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(key, part), (changes) => {
      const settings: unknown = { ...NEW, ...changes };
      if (surelyFits(settings)) expect(configFaults(settings)).toEqual([]);
    }),
    { numRuns: 5000 },
  );
});
