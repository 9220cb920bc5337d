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
    const shortlist = new Shortlist<OrderKey>(limit);
    for (const key of keys) shortlist.add(key, ({ createdMs }) => createdMs);
    expect([limit, shortlist.total]).toEqual([limit, 500]);
    expect(shortlist.entries().map(({ issue }) => issue)).toEqual(inOrder.slice(0, limit));
  }
});

test("a shortlist that is full of urgent issues asks no less urgent one when it was created", () => {
  const shortlist = new Shortlist<Pick<OrderKey, "priority" | "id">>(10);
  let asked = 0;
  const createdMs = () => {
    asked += 1;
    return asked;
  };
  for (let index = 0; index < 20; index += 1)
    shortlist.add({ priority: "P1", id: `REQ-${index}` }, createdMs);
  for (let index = 0; index < 1000; index += 1) shortlist.add({ priority: "P2", id: "REQ-001" }, createdMs);
  expect([shortlist.total, asked]).toEqual([1020, 20]);
});
