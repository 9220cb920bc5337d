import { type LockedPackage, readLockfile } from "./lockfile.ts";

/**
 * Describes what the program is made of as CycloneDX 1.6 JSON (https://cyclonedx.org/docs/1.6/json/), from bun.lock
 * and the runtime. Packages that only build or test are in it with the scope `excluded`. It holds no time and no
 * random number: the same lock file gives the same bytes.
 */
export function softwareBillOfMaterials(
  projectRoot: string,
  versions: { readonly program: string; readonly bun: string },
): string {
  const packages = readLockfile(projectRoot);
  const programRef = `mai@${versions.program}`;
  const runtime = runtimeComponent(versions.bun);
  const needed = packages.filter((locked) => locked.isRuntime).map(reference);
  const document = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": programRef,
        name: "mai",
        version: versions.program,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [runtime, ...packages.map(component)],
    dependencies: [
      { ref: programRef, dependsOn: [runtime["bom-ref"], ...needed] },
      ...packages.map((locked) => ({ ref: reference(locked), dependsOn: dependencies(locked, packages) })),
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function runtimeComponent(version: string) {
  return {
    type: "platform",
    "bom-ref": `bun@${version}`,
    name: "bun",
    version,
    description:
      "JavaScript runtime inside the executable; contains JavaScriptCore (see THIRD-PARTY-NOTICES)",
    purl: `pkg:github/oven-sh/bun@bun-v${version}`,
    licenses: [{ license: { id: "MIT" } }, { license: { id: "LGPL-2.0-or-later" } }],
  };
}

function component(locked: LockedPackage) {
  return {
    type: "library",
    "bom-ref": reference(locked),
    name: locked.name,
    version: locked.version,
    scope: locked.isRuntime ? "required" : "excluded",
    purl: reference(locked),
    ...(locked.integrity === null ? {} : { hashes: [hash(locked.integrity)] }),
  };
}

function reference(locked: LockedPackage): string {
  return `pkg:npm/${locked.name.replace(/^@/, "%40")}@${locked.version}`;
}

// "sha512-…" in base64, several separated by spaces where a registry gives more: the first is the strongest.
function hash(integrity: string) {
  const [algorithm = "", base64 = ""] = (integrity.split(" ")[0] ?? "").split(/-(.*)/);
  return {
    alg: algorithm.replace(/^sha/, "SHA-"),
    content: Buffer.from(base64, "base64").toString("hex"),
  };
}

function dependencies(locked: LockedPackage, packages: readonly LockedPackage[]): readonly string[] {
  return packages.filter((candidate) => locked.dependencies.includes(candidate.name)).map(reference);
}
