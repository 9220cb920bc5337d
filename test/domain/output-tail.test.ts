import { expect, test } from "bun:test";
import { outputTail } from "../../src/domain/output-tail.ts";

const lines = (count: number, word: string) =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`).join("\n");

test("outputTail() keeps half of its 20 lines for errors, however much the output says", () => {
  const tail = outputTail({ stdout: lines(30, "out"), stderr: lines(30, "error") }).split("\n");
  expect(tail).toHaveLength(20);
  expect(tail[0]).toBe("out 21");
  expect(tail[10]).toBe("error 21");
});

test("outputTail() gives each stream what the other leaves", () => {
  expect(outputTail({ stdout: lines(30, "out"), stderr: "one" }).split("\n")[0]).toBe("out 12");
  expect(outputTail({ stdout: "", stderr: lines(30, "error") }).split("\n")).toHaveLength(20);
  expect(outputTail({ stdout: lines(30, "out"), stderr: "" }).split("\n")[0]).toBe("out 11");
  expect(outputTail({ stdout: "", stderr: "\n" })).toBe("");
});

test("outputTail() drops what colours, and what a progress bar wrote over itself", () => {
  expect(outputTail({ stdout: "1 %\r99 %\rdone\n", stderr: "\u001b[31mred\u001b[0m\n" })).toBe("done\nred");
});
