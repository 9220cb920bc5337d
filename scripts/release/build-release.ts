import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuiltTarget, buildTarget, releaseFile } from "./build-target.ts";
import { thirdPartyNotices } from "./notices.ts";
import { type Project, readProject, sourceCommit } from "./project.ts";
import { softwareBillOfMaterials } from "./sbom.ts";
import type { Target } from "./targets.ts";

/** Says what a release is built from, for which platforms, and where it is written. */
export interface ReleaseOptions {
  readonly projectRoot: string;
  readonly outDir: string;
  readonly targets: readonly Target[];
  /** Hears of each platform as soon as it is built. */
  readonly onBuilt: (built: BuiltTarget) => void;
}

/**
 * Builds a release into a directory: binaries and archives of each platform, `THIRD-PARTY-NOTICES`, `mai.cdx.json`
 * (the bill of materials), `install.sh`, `manifest.json`, and `SHA256SUMS` over all of these. The same source gives
 * the same bytes in any directory; only `manifest.json` names the commit.
 * @throws Error when another Bun than the pinned one runs it, or a step fails.
 */
export async function buildRelease(options: ReleaseOptions): Promise<readonly BuiltTarget[]> {
  const project = readProject(options.projectRoot);
  if (Bun.version !== project.bunVersion) {
    throw new Error(`a release is built with Bun ${project.bunVersion}, and this is ${Bun.version}`);
  }
  mkdirSync(options.outDir, { recursive: true });
  const shared = writeSharedFiles(project, options.outDir);
  const companions = ["LICENSE", "THIRD-PARTY-NOTICES"].map((name) => ({
    path: name,
    content: readFileSync(join(name === "LICENSE" ? project.root : options.outDir, name)),
    mode: 0o644,
  }));
  const built: BuiltTarget[] = [];
  for (const target of options.targets) {
    const one = await buildTarget(project, target, { outDir: options.outDir, companions });
    options.onBuilt(one);
    built.push(one);
  }
  await writeManifest(project, { outDir: options.outDir, built });
  await writeChecksums(options.outDir, { built, others: [...shared, "manifest.json"] });
  return built;
}

function writeSharedFiles(project: Project, outDir: string): readonly string[] {
  const versions = { program: project.version, bun: project.bunVersion };
  writeFileSync(join(outDir, "THIRD-PARTY-NOTICES"), thirdPartyNotices(project.root));
  writeFileSync(join(outDir, "mai.cdx.json"), softwareBillOfMaterials(project.root, versions));
  copyFileSync(join(project.root, "install.sh"), join(outDir, "install.sh"));
  return ["THIRD-PARTY-NOTICES", "mai.cdx.json", "install.sh"];
}

interface Contents {
  readonly outDir: string;
  readonly built: readonly BuiltTarget[];
}

async function writeManifest(project: Project, { outDir, built }: Contents) {
  const manifest = {
    name: "mai",
    version: project.version,
    commit: await sourceCommit(project.root),
    bun: project.bunVersion,
    targets: built.map(({ target, binary, archive }) => ({
      target: target.name,
      os: target.os,
      cpu: target.cpu,
      libc: target.libc,
      binary,
      archive,
    })),
  };
  writeFileSync(join(outDir, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

// The form of `sha256sum`: digest, two spaces, name.
async function writeChecksums(
  outDir: string,
  contents: { readonly built: readonly BuiltTarget[]; readonly others: readonly string[] },
) {
  const others = await Promise.all(contents.others.map((file) => releaseFile(outDir, file)));
  const files = [...contents.built.flatMap(({ binary, archive }) => [binary, archive]), ...others];
  const lines = files
    .toSorted((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ file, sha256 }) => `${sha256}  ${file}\n`);
  writeFileSync(join(outDir, "SHA256SUMS"), lines.join(""));
}
