import { expect, test } from "bun:test";
import { signMachoAdHoc, verifyMachoSignature } from "../../scripts/release/macho-signature.ts";
import { tinyMacho } from "./support/tiny-macho.ts";

test("a file that signMachoAdHoc() signed has no bad page", () => {
  const report = verifyMachoSignature(signMachoAdHoc(tinyMacho(), "mai"));
  expect(report).toEqual({ cpu: "x64", pages: 4, problems: [] });
});

test("signing a signed file again changes no byte", () => {
  const signed = signMachoAdHoc(tinyMacho(), "mai");
  expect(signMachoAdHoc(signed, "mai").equals(signed)).toBe(true);
});

test("one changed bit is found, whichever page it is in", () => {
  const signed = signMachoAdHoc(tinyMacho(), "mai");
  for (const page of [1, 2, 3]) {
    const damaged = Buffer.from(signed);
    damaged.writeUInt8(damaged.readUInt8(page * 4096 + 7) ^ 1, page * 4096 + 7);
    expect(verifyMachoSignature(damaged).problems).toEqual([`1 of 4 pages have a wrong hash (${page})`]);
  }
});

test("a changed header is found in page 0", () => {
  const damaged = signMachoAdHoc(tinyMacho(), "mai");
  damaged.writeUInt32LE(1, 24);
  expect(verifyMachoSignature(damaged).problems).toEqual(["1 of 4 pages have a wrong hash (0)"]);
});

test("the last byte before the signature is covered", () => {
  const damaged = signMachoAdHoc(tinyMacho(), "mai");
  const last = 0x3000 + 0x100 - 1;
  damaged.writeUInt8(damaged.readUInt8(last) ^ 1, last);
  expect(verifyMachoSignature(damaged).problems).toEqual(["1 of 4 pages have a wrong hash (3)"]);
});

test("bytes after the signature are found", () => {
  const longer = Buffer.concat([signMachoAdHoc(tinyMacho(), "mai"), Buffer.from("x")]);
  expect(verifyMachoSignature(longer).problems).toEqual(["its signature does not end where the file ends"]);
  expect(() => signMachoAdHoc(longer, "mai")).toThrow("not at the file's end");
});

test("a signature that covers less than the file is found", () => {
  const signed = signMachoAdHoc(tinyMacho(), "mai");
  const directory = 0x3100 + 20;
  signed.writeUInt32BE(3, directory + 28);
  signed.writeUInt32BE(0x3000, directory + 32);
  expect(verifyMachoSignature(signed).problems).toContain("the signature covers 12288 bytes, not all 12544");
});

test("a file with an empty signature, and one that is no Mach-O file, are refused", () => {
  expect(verifyMachoSignature(tinyMacho()).problems).toEqual(["its signature has no code directory"]);
  expect(() => verifyMachoSignature(Buffer.alloc(64))).toThrow("no 64-bit Mach-O file");
});
