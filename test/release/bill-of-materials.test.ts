import { expect, test } from "bun:test";
import { join } from "node:path";
import { readLockfile } from "../../scripts/release/lockfile.ts";
import { thirdPartyNotices } from "../../scripts/release/notices.ts";
import { softwareBillOfMaterials } from "../../scripts/release/sbom.ts";

const ROOT = join(import.meta.dir, "..", "..");
const { dependencies } = await Bun.file(join(ROOT, "package.json")).json();

test("readLockfile() tells what the program contains from what builds and tests it", () => {
  const packages = readLockfile(ROOT);
  const runtime = packages.filter((locked) => locked.isRuntime).map((locked) => locked.name);
  expect(runtime).toEqual(expect.arrayContaining(Object.keys(dependencies)));
  expect(runtime).not.toContain("typescript");
  expect(packages.every((locked) => locked.integrity?.startsWith("sha512-"))).toBe(true);
});

test("the bill of materials lists every locked package once, and Bun, with resolvable references", () => {
  const bill = JSON.parse(softwareBillOfMaterials(ROOT, { program: "1.2.3", bun: "4.5.6" }));
  expect(bill.bomFormat).toBe("CycloneDX");
  expect(bill.metadata.component.version).toBe("1.2.3");
  const references: string[] = bill.components.map(
    (component: { "bom-ref": string }) => component["bom-ref"],
  );
  expect(new Set(references).size).toBe(readLockfile(ROOT).length + 1);
  expect(references).toContain("bun@4.5.6");
  const [program, ...others] = bill.dependencies;
  for (const dependency of [...program.dependsOn, ...others.map((other: { ref: string }) => other.ref)]) {
    expect(references).toContain(dependency);
  }
});

test("the bill of materials gives each digest in hexadecimal", () => {
  const bill = JSON.parse(softwareBillOfMaterials(ROOT, { program: "1.2.3", bun: "4.5.6" }));
  const citty = bill.components.find((component: { name: string }) => component.name === "citty");
  expect(citty.scope).toBe("required");
  expect(citty.hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
});

test("the notices name Bun, JavaScriptCore and every package in the program, with the licences in full", () => {
  const notices = thirdPartyNotices(ROOT);
  for (const name of Object.keys(dependencies))
    expect(notices).toContain(`### ${name} ${dependencies[name]}`);
  expect(notices).toContain("JavaScriptCore");
  expect(notices).toContain("GNU LIBRARY GENERAL PUBLIC LICENSE");
  expect(notices).toContain("GNU LESSER GENERAL PUBLIC LICENSE");
  expect(notices).toContain("Apache License");
});
