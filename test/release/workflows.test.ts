import { expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "..", "..");
const WORKFLOWS = join(ROOT, ".github", "workflows");
const MANIFEST = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

interface Workflow {
  readonly jobs: Record<string, { readonly uses?: string; readonly steps?: readonly { run?: string }[] }>;
}

function workflow(name: string): Workflow {
  return Bun.YAML.parse(readFileSync(join(WORKFLOWS, name), "utf8")) as Workflow;
}

test("no job needs a secret but the one that pushes to the tap", () => {
  for (const file of readdirSync(WORKFLOWS)) {
    for (const [name, job] of Object.entries(workflow(file).jobs)) {
      const usesSecret = JSON.stringify(job).includes("secrets.");
      expect({ file, name, usesSecret }).toEqual({ file, name, usesSecret: name === "tap" });
    }
  }
});

test("a release is checked, built, attested and uploaded by its own workflow", () => {
  const { check, release } = workflow("release.yml").jobs;
  expect(existsSync(join(ROOT, check?.uses ?? ""))).toBe(true);
  const steps = JSON.stringify(release?.steps);
  for (const part of ["run release:check", "attest-build-provenance", "attest-sbom", "gh release create"]) {
    expect(steps).toContain(part);
  }
});

test("workflows and documents name the pinned version of Bun", () => {
  const files = [
    ...readdirSync(WORKFLOWS).map((file) => join(WORKFLOWS, file)),
    join(ROOT, "docs/release.md"),
  ];
  for (const file of files) {
    const versions = [...readFileSync(file, "utf8").matchAll(/bun@(\d+\.\d+\.\d+)/g)].map(
      ([, found]) => found,
    );
    expect({ file, versions: [...new Set(versions)] }).toEqual({ file, versions: [MANIFEST.engines.bun] });
  }
});

test("what the workflows run is there", () => {
  expect(MANIFEST.scripts).toHaveProperty("release:check");
  for (const system of ["debian", "alpine"]) {
    const dockerfile = readFileSync(join(ROOT, "packaging", "docker", `Dockerfile.${system}`), "utf8");
    expect(dockerfile).toContain("sh /release/install.sh");
    expect(dockerfile).toContain('ENTRYPOINT ["mai"]');
  }
});
