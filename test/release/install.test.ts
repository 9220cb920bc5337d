import { describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { runOrThrow } from "../../scripts/release/run-command.ts";
import { toolPath } from "../../scripts/release/system-tool.ts";
import {
  BASIC_TOOLS,
  editedInstaller,
  INSTALLER,
  type Installation,
  runInstaller,
  SHELLS,
} from "./support/installer.ts";
import {
  programOfVersion,
  type ReleaseContent,
  releaseOfScript,
  serving,
} from "./support/loopback-release.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const WITH_CURL = [...BASIC_TOOLS, "sha256sum", "curl"];
const WITH_WGET = [...BASIC_TOOLS, "sha256sum", "wget"];
const NEW = releaseOfScript(programOfVersion("2.0.0"));

type Place = Pick<Installation, "shell" | "scratch"> & { readonly mai: string };

function onRelease(
  files: ReleaseContent,
  shell: readonly string[],
  body: (place: Place, baseUrl: string) => unknown,
) {
  return withScratch((scratch) =>
    serving(files, async (baseUrl) => {
      await body({ shell, scratch, mai: join(scratch, ".local/bin/mai") }, baseUrl);
    }),
  );
}

function leftovers(place: Place): readonly string[] {
  const directory = join(place.scratch, ".local/bin");
  return existsSync(directory) ? readdirSync(directory).filter((name) => name !== "mai") : [];
}

function replaced(name: string, content: string): ReleaseContent {
  return new Map([...NEW, [name, new TextEncoder().encode(content)]]);
}

for (const shell of SHELLS) {
  describe(`install.sh under ${shell.join(" ")}`, () => {
    test("puts the program into ~/.local/bin and says how to get it onto the PATH", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const result = await runInstaller({ ...place, tools: WITH_CURL, env: { MAI_BASE_URL: baseUrl } });
        expect(result).toMatchObject({ exitCode: 0 });
        expect(result.stdout).toContain(`mai 2.0.0 is installed: ${place.mai}`);
        expect(result.stdout).toContain(`export PATH="${join(place.scratch, ".local/bin")}:$PATH"`);
        expect(await runOrThrow([place.mai, "--version"])).toBe("mai 2.0.0\n");
        expect(statSync(place.mai).mode & 0o777).toBe(0o755);
        expect(leftovers(place)).toEqual([]);
      }));

    test("says the line that turns on the completions of the user's own shell", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const told = async (SHELL: string) =>
          (await runInstaller({ ...place, tools: WITH_CURL, env: { MAI_BASE_URL: baseUrl, SHELL } })).stdout;
        expect(await told("/bin/bash")).toContain('~/.bashrc: eval "$(mai completions bash)"');
        expect(await told("/usr/bin/zsh")).toContain('eval "$(mai completions zsh)"');
        expect(await told("/usr/bin/fish")).toContain("mai completions fish > ");
        expect(await told("/bin/sh")).toContain("mai completions SHELL");
      }));

    test("works with wget and without curl, and with an address that ends in a slash", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const env = { MAI_BASE_URL: `${baseUrl}/`, MAI_VERSION: "v2.0.0" };
        expect(await runInstaller({ ...place, tools: WITH_WGET, env })).toMatchObject({ exitCode: 0 });
        expect(existsSync(place.mai)).toBe(true);
      }));

    test("installs from a directory without any downloader", () =>
      withScratch(async (scratch) => {
        const place = { shell, scratch, mai: join(scratch, "my tools/mai") };
        mkdirSync(join(scratch, "release"));
        for (const [name, content] of NEW) writeFileSync(join(scratch, "release", name), content);
        const env = { MAI_BASE_URL: `file://${scratch}/release`, MAI_INSTALL_DIR: "my tools" };
        const result = await runInstaller({ ...place, tools: [...BASIC_TOOLS, "sha256sum"], env });
        expect(result).toMatchObject({ exitCode: 0 });
        expect(await runOrThrow([place.mai, "--version"])).toBe("mai 2.0.0\n");
      }));

    test("replaces a program that runs, and leaves the running one to its end", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        mkdirSync(join(place.scratch, ".local/bin"), { recursive: true });
        writeFileSync(place.mai, programOfVersion("1.0.0"), { mode: 0o755 });
        const old = Bun.spawn([place.mai, "wait"], { stdin: "pipe", stdout: "pipe" });
        const output = old.stdout.getReader();
        expect(new TextDecoder().decode((await output.read()).value)).toBe("ready\n");
        const result = await runInstaller({ ...place, tools: WITH_CURL, env: { MAI_BASE_URL: baseUrl } });
        expect(result).toMatchObject({ exitCode: 0 });
        expect(await runOrThrow([place.mai, "--version"])).toBe("mai 2.0.0\n");
        old.stdin.write("word\n");
        await old.stdin.end();
        expect(new TextDecoder().decode((await output.read()).value)).toBe("1.0.0 got word\n");
        expect(await old.exited).toBe(0);
      }));

    test("refuses an archive that is not the published one, and leaves the old program", () =>
      onRelease(replaced("mai-linux-x64.tar.gz", "tampered"), shell, async (place, baseUrl) => {
        mkdirSync(join(place.scratch, ".local/bin"), { recursive: true });
        writeFileSync(place.mai, programOfVersion("1.0.0"), { mode: 0o755 });
        const env = { MAI_BASE_URL: baseUrl, MAI_TARGET: "linux-x64" };
        const result = await runInstaller({ ...place, tools: WITH_CURL, env });
        expect(result.exitCode).toBe(1);
        expect(result.stderr).toContain("mai-linux-x64.tar.gz is not the file that was published");
        expect(readFileSync(place.mai, "utf8")).toBe(programOfVersion("1.0.0"));
        expect(leftovers(place)).toEqual([]);
      }));

    test("refuses a list without the archive, and one whose digest is cut short", async () => {
      for (const list of [
        "",
        `${"0".repeat(64)}  other.tar.gz\n`,
        `${"0".repeat(63)}  mai-linux-x64.tar.gz\n`,
      ]) {
        await onRelease(replaced("SHA256SUMS", list), shell, async (place, baseUrl) => {
          const env = { MAI_BASE_URL: baseUrl, MAI_TARGET: "linux-x64" };
          const result = await runInstaller({ ...place, tools: WITH_CURL, env });
          expect(result.stderr).toContain("SHA256SUMS has no digest of mai-linux-x64.tar.gz");
          expect(existsSync(place.mai)).toBe(false);
        });
      }
    });

    test("refuses to install unchecked where no checksum tool is", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const script = editedInstaller({ sha256sum: "gone1", shasum: "gone2", openssl: "gone3" });
        const result = await runInstaller({
          ...place,
          tools: WITH_CURL,
          env: { MAI_BASE_URL: baseUrl },
          script,
        });
        expect(result.exitCode).toBe(1);
        expect(result.stderr).toContain("is there to check the download with");
        expect(existsSync(place.mai)).toBe(false);
      }));

    test("says so when the version is not there, and when the address holds another one", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const tools = WITH_CURL;
        const missing = { MAI_BASE_URL: `${baseUrl}/v9.9.9`, MAI_VERSION: "9.9.9" };
        const other = { MAI_BASE_URL: baseUrl, MAI_VERSION: "9.9.9" };
        const notThere = await runInstaller({ ...place, tools, env: missing });
        expect(notThere.exitCode).toBe(1);
        expect(notThere.stderr).toContain("is 9.9.9 a version that was released?");
        const another = await runInstaller({ ...place, tools, env: other });
        expect(another.exitCode).toBe(1);
        expect(another.stderr).toContain("holds 'mai 2.0.0', not version 9.9.9");
        expect(existsSync(place.mai)).toBe(false);
        expect(leftovers(place)).toEqual([]);
      }));

    test("refuses a directory that it may not write to, and names the way out", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const directory = join(place.scratch, "closed");
        mkdirSync(directory);
        chmodSync(directory, 0o555);
        chmodSync(place.scratch, 0o755);
        const env = { MAI_BASE_URL: baseUrl, MAI_INSTALL_DIR: directory };
        const result = await runInstaller({ ...place, tools: WITH_CURL, env, prefix: asNobody() });
        expect(result.exitCode).toBe(1);
        expect(result.stderr).toContain(
          `cannot write to ${directory}; choose another place with MAI_INSTALL_DIR`,
        );
      }));

    test("refuses a system and a processor that no build is for, and a build that there is none of", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const env = { MAI_BASE_URL: baseUrl };
        const run = (script: string, more = {}) =>
          runInstaller({ ...place, tools: WITH_CURL, env: { ...env, ...more }, script });
        const system = await run(editedInstaller({ "$(uname -s)": "Plan9" }));
        expect(system.stderr).toContain("there is no build for Plan9");
        const machine = await run(editedInstaller({ "$(uname -m)": "riscv64" }));
        expect(machine.stderr).toContain("there is no build for Linux on riscv64");
        const build = await run(INSTALLER, { MAI_TARGET: "linux-x86" });
        expect(build.stderr).toContain("there is no build 'linux-x86'");
        expect([system, machine, build].map((result) => result.exitCode)).toEqual([1, 1, 1]);
        expect(existsSync(join(place.scratch, ".local"))).toBe(false);
      }));

    test("takes the build for the processor and the C library that it finds", async () => {
      const linux = { "$(uname -s)": "Linux" };
      const darwin = { "$(uname -s)": "Darwin" };
      const glibc = { "$(ldd --version 2>&1 || :)": '"ldd GLIBC 2.36"' };
      const musl = { "$(ldd --version 2>&1 || :)": '"musl libc"' };
      const x64 = { "$(uname -m)": "x86_64" };
      const arm64 = { "$(uname -m)": "aarch64" };
      const rosetta = { "$(sysctl -n sysctl.proc_translated 2>&1 || :)": "1" };
      const intel = { "$(sysctl -n sysctl.proc_translated 2>&1 || :)": "" };
      const cases = {
        "linux-x64": { ...linux, ...glibc, ...x64 },
        "linux-arm64": { ...linux, ...glibc, ...arm64 },
        "linux-x64-musl": { ...linux, ...musl, ...x64 },
        "linux-arm64-musl": { ...linux, ...musl, ...arm64 },
        "darwin-arm64": { ...darwin, ...x64, ...rosetta },
        "darwin-x64": { ...darwin, ...x64, ...intel },
      };
      for (const [target, edits] of Object.entries(cases)) {
        await onRelease(NEW, shell, async (place, baseUrl) => {
          const script = editedInstaller(edits);
          const result = await runInstaller({
            ...place,
            tools: WITH_CURL,
            env: { MAI_BASE_URL: baseUrl },
            script,
          });
          expect(result.stderr).toContain(`Downloading ${baseUrl}/mai-${target}.tar.gz\n`);
          expect(result.exitCode).toBe(0);
        });
      }
    });

    test("names the line that adds the C++ library where a program misses it", () => {
      const program =
        "#!/bin/sh\necho 'Error loading shared library libstdc++.so.6: No such file' >&2\nexit 127\n";
      return onRelease(releaseOfScript(program), shell, async (place, baseUrl) => {
        const result = await runInstaller({ ...place, tools: WITH_CURL, env: { MAI_BASE_URL: baseUrl } });
        expect(result.exitCode).toBe(1);
        expect(result.stderr).toContain("\n  apk add libstdc++\n");
        expect(existsSync(place.mai)).toBe(false);
        expect(leftovers(place)).toEqual([]);
      });
    });

    test("refuses an address that is none", () =>
      withScratch(async (scratch) => {
        for (const address of ["ftp://127.0.0.1", "127.0.0.1/release", "file://relative"]) {
          const env = { MAI_BASE_URL: address };
          const result = await runInstaller({ shell, scratch, tools: WITH_CURL, env });
          expect(result.exitCode).toBe(1);
          expect(result.stderr).toContain("begins with none of https://, http://, file:///");
        }
      }));

    test("removes what it installed and nothing else, and finds nothing the second time", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const run = (more: object = {}) =>
          runInstaller({ ...place, tools: WITH_CURL, env: { MAI_BASE_URL: baseUrl }, ...more });
        await run();
        writeFileSync(join(place.scratch, ".local/bin/other"), "");
        expect((await run({ arguments: ["--uninstall"] })).stdout).toStartWith(`Removed ${place.mai}.`);
        expect(readdirSync(join(place.scratch, ".local/bin"))).toEqual(["other"]);
        const again = await run({ arguments: ["--uninstall"] });
        expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Nothing to remove/) });
      }));

    test("does nothing when it arrives cut off, after whichever line or inside the last one", () =>
      onRelease(NEW, shell, async (place, baseUrl) => {
        const lines = INSTALLER.trimEnd().split("\n");
        const last = lines.at(-1) ?? "";
        const before = lines.slice(0, -1).map((_, count) => lines.slice(0, count).join("\n"));
        const whole = `${lines.slice(0, -1).join("\n")}\n`;
        const inside = Array.from(last, (_, length) => whole + last.slice(0, length));
        for (const script of [...before, ...inside]) {
          const env = { MAI_BASE_URL: baseUrl };
          const result = await runInstaller({ ...place, tools: WITH_CURL, env, script });
          expect({ stdout: result.stdout, made: existsSync(join(place.scratch, ".local")) }).toEqual({
            stdout: "",
            made: false,
          });
        }
      }));
  });
}

test("install.sh is clean for shellcheck as POSIX sh, and without bashisms", async () => {
  await runOrThrow([toolPath("shellcheck"), "-s", "sh", join(import.meta.dir, "..", "..", "install.sh")]);
});

function asNobody(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  return [toolPath("setpriv"), "--reuid=65534", "--regid=65534", "--clear-groups"];
}
