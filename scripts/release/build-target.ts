import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { obtainBaseExecutable } from "./base-executable.ts";
import { compileBinary } from "./compile-binary.ts";
import { sha256OfFile } from "./file-digest.ts";
import { signMachoAdHoc, verifyMachoSignature } from "./macho-signature.ts";
import type { Project } from "./project.ts";
import { type TarFile, tarArchive } from "./tar.ts";
import type { Target } from "./targets.ts";

/** Is one file of a release. */
export interface ReleaseFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Is what one platform adds to a release. */
export interface BuiltTarget {
  readonly target: Target;
  readonly binary: ReleaseFile;
  readonly archive: ReleaseFile;
}

/** Says where a release is written and which texts go into every archive. */
export interface TargetBuild {
  readonly outDir: string;
  readonly companions: readonly TarFile[];
}

/**
 * Builds the binary of one platform and its archive: `mai-<target>`, and `mai-<target>.tar.gz` with a directory
 * `mai-<target>/` that holds `mai` and its licences.
 * @throws Error when macOS would refuse the binary.
 */
export async function buildTarget(
  project: Project,
  target: Target,
  build: TargetBuild,
): Promise<BuiltTarget> {
  const name = `mai-${target.name}`;
  const outFile = join(build.outDir, name);
  const executable = await obtainBaseExecutable(target, project.bunVersion);
  await compileBinary({ projectRoot: project.root, outFile, runtime: { target, executable } });
  if (target.os === "darwin") signWhereNeeded(outFile);
  writeArchive(outFile, build.companions);
  return {
    target,
    binary: await releaseFile(build.outDir, name),
    archive: await releaseFile(build.outDir, `${name}.tar.gz`),
  };
}

/** Measures a file of a release. */
export async function releaseFile(outDir: string, file: string): Promise<ReleaseFile> {
  const path = join(outDir, file);
  return { file, bytes: statSync(path).size, sha256: await sha256OfFile(path) };
}

// Bun 1.4.5 leaves the hashes of the pages that it changed as they were in darwin-x64, and mends them in
// darwin-arm64 (docs/decisions/0032-macos-signature.md).
function signWhereNeeded(path: string) {
  const built = readFileSync(path);
  if (verifyMachoSignature(built).problems.length === 0) return;
  const signed = signMachoAdHoc(built, "mai");
  const { problems } = verifyMachoSignature(signed);
  if (problems.length > 0) throw new Error(`${path}: macOS would refuse it: ${problems.join("; ")}`);
  const temporary = `${path}.signed`;
  writeFileSync(temporary, signed, { mode: 0o755 });
  renameSync(temporary, path);
}

function writeArchive(binary: string, companions: readonly TarFile[]) {
  const directory = binary.slice(binary.lastIndexOf("/") + 1);
  const files = [{ path: "mai", content: readFileSync(binary), mode: 0o755 }, ...companions];
  const tar = tarArchive(files.map((file) => ({ ...file, path: `${directory}/${file.path}` })));
  // libdeflate writes neither name nor time into the header.
  const options = { library: "libdeflate", level: 9 } as const;
  writeFileSync(`${binary}.tar.gz`, Bun.gzipSync(new Uint8Array(tar), options));
}
