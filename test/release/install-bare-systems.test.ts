import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { runCommand, runOrThrow } from "../../scripts/release/run-command.ts";
import { enterRoot, installInRoot, installLibraries } from "../../scripts/release/smoke/in-chroot.ts";
import { toolPath } from "../../scripts/release/system-tool.ts";
import { builtRelease } from "./support/built-release.ts";
import { BASIC_TOOLS, runInstaller } from "./support/installer.ts";
import { serving } from "./support/loopback-release.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const SIX_LINES = `
mai init
mai agent add alice --heartbeat-minutes 30
mai issue new questions "Technical review" -o alice
mai issue claim REQ-001 -o alice
mai issue complete REQ-001 "Approved for implementation" -o alice
mai queue check --overdue
`;
const FILES = ["install.sh", "SHA256SUMS", "mai-linux-x64.tar.gz"];

let release = "";
beforeAll(async () => {
  release = await builtRelease();
});

// The C library, a shell with its applets, and curl: no /etc, no /dev, no /tmp.
async function bareRoot(root: string) {
  await installInRoot(toolPath("busybox"), { root, path: "/bin/busybox" });
  await installLibraries(join(release, "mai-linux-x64"), root);
  await installInRoot(toolPath("curl"), { root, path: "/bin/curl" });
  const applets = (await runOrThrow([toolPath("busybox"), "--list"])).trim().split("\n");
  for (const applet of applets) {
    if (!existsSync(join(root, "bin", applet))) symlinkSync("busybox", join(root, "bin", applet));
  }
  for (const name of ["proc", "home", "work"]) mkdirSync(join(root, name));
}

test("in a chroot with a C library, a shell and curl, the installer and the six lines succeed", async () => {
  const files = new Map(FILES.map((name) => [name, readFileSync(join(release, name))]));
  await withScratch((root) =>
    serving(files, async (baseUrl) => {
      await bareRoot(root);
      const script = `set -e; curl -fsSL ${baseUrl}/install.sh | sh; ${SIX_LINES}`;
      const env = { HOME: "/home", PATH: "/bin:/home/.local/bin", MAI_BASE_URL: baseUrl };
      const result = await runCommand([...enterRoot(root, "/work"), "/bin/sh", "-c", script], { env });
      expect(result).toMatchObject({ exitCode: 0 });
      expect(result.stdout).toContain("is installed: /home/.local/bin/mai");
      const issue = readFileSync(join(root, "work/.mai/queues/questions/REQ-001.md"), "utf8");
      expect(issue).toContain("COMPLETED");
    }),
  );
});

test("on a musl system without libstdc++ the installer names the line that adds it, and installs nothing", () =>
  withScratch(async (scratch) => {
    expect(existsSync("/lib/ld-musl-x86_64.so.1")).toBe(true);
    const env = { MAI_BASE_URL: `file://${release}`, MAI_TARGET: "linux-x64-musl" };
    const tools = [...BASIC_TOOLS, "sha256sum"];
    const result = await runInstaller({ shell: ["dash"], scratch, tools, env });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain("\n  apk add libstdc++\n");
    expect(readdirSync(join(scratch, ".local", "bin"))).toEqual([]);
  }));
