import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readElfNeeds } from "../../scripts/release/elf.ts";
import { checkTarget } from "../../scripts/release/smoke/check-target.ts";
import { TARGETS } from "../../scripts/release/targets.ts";
import { builtRelease } from "./support/built-release.ts";
import { PATIENCE_MS } from "./support/patience.ts";

setDefaultTimeout(PATIENCE_MS);

let release = "";
beforeAll(async () => {
  release = await builtRelease();
});

function binary(target: keyof typeof TARGETS): string {
  return join(release, `mai-${target}`);
}

describe("the main job: six lines, a race of eight, a kill on both sides of the commit point", () => {
  test("is done on x64 in a chroot that holds libc, its loader, /proc and nothing else", async () => {
    const verdict = await checkTarget(TARGETS["linux-x64"], binary("linux-x64"));
    expect(verdict).toBe("needs glibc 2.17; does its job in a chroot with libc and /proc alone");
  });

  test("is done on arm64 under emulation", async () => {
    const verdict = await checkTarget(TARGETS["linux-arm64"], binary("linux-arm64"));
    expect(verdict).toBe("needs glibc 2.17; does its job under qemu-aarch64");
  });

  test("is done on x64 with musl's loader and C library", async () => {
    const verdict = await checkTarget(TARGETS["linux-x64-musl"], binary("linux-x64-musl"));
    expect(verdict).toBe("needs musl and libstdc++; does its job under musl's loader");
  });
});

test("the binaries that cannot run here have the right structure", async () => {
  for (const name of ["linux-arm64-musl", "darwin-x64", "darwin-arm64"] as const) {
    expect(await checkTarget(TARGETS[name], binary(name))).toEndWith("; not run here");
  }
});

test("a binary of another platform is found out", async () => {
  await expect(checkTarget(TARGETS["linux-arm64-musl"], binary("linux-arm64"))).rejects.toThrow();
  await expect(checkTarget(TARGETS["darwin-arm64"], binary("darwin-x64"))).rejects.toThrow();
  await expect(checkTarget(TARGETS["darwin-arm64"], binary("linux-arm64"))).rejects.toThrow(
    "no 64-bit Mach-O file",
  );
});

test("readElfNeeds() reads what the loader will read", () => {
  const needs = readElfNeeds(readFileSync(binary("linux-arm64")));
  expect(needs.cpu).toBe("arm64");
  expect(needs.interpreter).toBe("/lib/ld-linux-aarch64.so.1");
  expect(needs.libraries).toContain("libc.so.6");
  expect(needs.symbolVersions).toContain("GLIBC_2.17");
});
