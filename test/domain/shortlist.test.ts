import { expect, test } from "bun:test";
import { compareIssues, type OrderKey, PRIORITIES } from "../../src/domain/issue.ts";
import { Shortlist } from "../../src/domain/shortlist.ts";

test("a shortlist keeps the first few in the order of lists, and counts all", () => {
  const keys = Array.from({ length: 500 }, (_, index): OrderKey => {
    const scattered = (index * 7919) % 500;
    const priority = PRIORITIES[scattered % 3] ?? "P2";
    return { priority, createdMs: Math.floor(scattered / 7), id: `REQ-${scattered}` };
  });
  const inOrder = keys.toSorted(compareIssues);
  for (const limit of [0, 1, 2, 50, 499, 500, 1000]) {
    const shortlist = new Shortlist<string>(limit);
    for (const key of keys) shortlist.add(key, () => key.id);
    expect([limit, shortlist.total]).toEqual([limit, 500]);
    expect(shortlist.entries()).toEqual(inOrder.slice(0, limit).map(({ id }) => id));
  }
});

test("a shortlist makes few entries of many issues that come in order", () => {
  const shortlist = new Shortlist<number>(10);
  let made = 0;
  for (let index = 0; index < 10_000; index += 1) {
    shortlist.add({ priority: "P1", createdMs: index, id: "REQ-001" }, () => {
      made += 1;
      return index;
    });
  }
  expect([shortlist.entries().length, made]).toEqual([10, 20]);
});
