import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readElfNeeds } from "../elf.ts";
import { readMachoFile } from "../macho-file.ts";
import { verifyMachoSignature } from "../macho-signature.ts";
import type { Target, TargetName } from "../targets.ts";
import { programInChroot } from "./in-chroot.ts";
import { checkMainJob } from "./main-job.ts";
import type { SmokeProgram } from "./smoke-program.ts";
import { programUnderMusl } from "./under-musl.ts";
import { programUnderQemu } from "./under-qemu.ts";

type Preparation = (binary: string, scratch: string) => SmokeProgram | Promise<SmokeProgram>;

// What runs on a Linux machine with an x64 processor. The rest has its structure checked here and is run by hand
// before a release: docs/release.md.
const RUNS_HERE: Partial<Record<TargetName, { readonly how: string; readonly prepare: Preparation }>> = {
  "linux-x64": { how: "in a chroot with libc and /proc alone", prepare: programInChroot },
  "linux-arm64": { how: "under qemu-aarch64", prepare: programUnderQemu },
  "linux-x64-musl": { how: "under musl's loader", prepare: programUnderMusl },
};

const GLIBC_LIBRARIES = ["libc.so.6", "libpthread.so.0", "libdl.so.2", "libm.so.6"];
const NEWEST_GLIBC = "GLIBC_2.17";

/**
 * Checks the binary of one platform as far as this machine can, and says what was seen: structure, processor,
 * needed libraries or signature, and the main job where the binary runs here.
 * @throws Error that says what is wrong.
 */
export async function checkTarget(target: Target, binary: string): Promise<string> {
  const structure = target.os === "darwin" ? checkMacho(target, binary) : checkElf(target, binary);
  const runner = RUNS_HERE[target.name];
  if (runner === undefined) return `${structure}; not run here`;
  const scratch = mkdtempSync(join(tmpdir(), "mai-smoke-"));
  try {
    await checkMainJob(await runner.prepare(binary, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return `${structure}; does its job ${runner.how}`;
}

function checkElf(target: Target, binary: string): string {
  const needs = readElfNeeds(readFileSync(binary));
  const machine = target.cpu === "x64" ? "x86_64" : "aarch64";
  strictEqual(needs.cpu, target.cpu);
  if (target.libc === "musl") {
    strictEqual(needs.interpreter, `/lib/ld-musl-${machine}.so.1`);
    deepStrictEqual(needs.libraries, ["libstdc++.so.6", `libc.musl-${machine}.so.1`]);
    return "needs musl and libstdc++";
  }
  const loader = target.cpu === "x64" ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1";
  strictEqual(needs.interpreter, target.cpu === "x64" ? `/lib64/${loader}` : `/lib/${loader}`);
  deepStrictEqual(needs.libraries.toSorted(), [loader, ...GLIBC_LIBRARIES].toSorted());
  const newer = needs.symbolVersions.filter(
    (version) => Bun.semver.order(minor(version), minor(NEWEST_GLIBC)) > 0,
  );
  deepStrictEqual(newer, []);
  return "needs glibc 2.17";
}

// "GLIBC_2.2.5" as a version that can be compared.
function minor(symbolVersion: string): string {
  const [major = "0", minorPart = "0", patch = "0"] = symbolVersion.replace("GLIBC_", "").split(".");
  return `${major}.${minorPart}.${patch}`;
}

function checkMacho(target: Target, binary: string): string {
  const file = readFileSync(binary);
  const { cpu, pages, problems } = verifyMachoSignature(file);
  deepStrictEqual(problems, []);
  strictEqual(cpu, target.cpu);
  ok(readMachoFile(file).isExecutable, "it is no executable");
  return `signature good on ${pages} pages`;
}
