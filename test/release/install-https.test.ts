import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runOrThrow } from "../../scripts/release/run-command.ts";
import { toolPath } from "../../scripts/release/system-tool.ts";
import { BASIC_TOOLS, runInstaller } from "./support/installer.ts";
import { programOfVersion, releaseOfScript, serving } from "./support/loopback-release.ts";
import { PATIENCE_MS } from "./support/patience.ts";
import { withScratch } from "./support/scratch.ts";

setDefaultTimeout(PATIENCE_MS);

const TOOLS = [...BASIC_TOOLS, "sha256sum", "curl"];
const RELEASE = releaseOfScript(programOfVersion("2.0.0"));

// A certificate for the loopback address that only these tests trust.
let keys = "";
beforeAll(async () => {
  keys = mkdtempSync(join(tmpdir(), "mai-tls-"));
  const made = ["-newkey", "rsa:2048", "-nodes", "-keyout", `${keys}/key.pem`, "-out", `${keys}/cert.pem`];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  await runOrThrow([toolPath("openssl"), "req", "-x509", ...made, ...subject]);
});
afterAll(() => rmSync(keys, { recursive: true, force: true }));

async function installFrom(scratch: string, respond: (path: string) => Response) {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    tls: { key: Bun.file(`${keys}/key.pem`), cert: Bun.file(`${keys}/cert.pem`) },
    fetch: (request) => respond(new URL(request.url).pathname),
  });
  try {
    const env = { MAI_BASE_URL: `https://127.0.0.1:${server.port}`, CURL_CA_BUNDLE: `${keys}/cert.pem` };
    return await runInstaller({ shell: ["dash"], scratch, tools: TOOLS, env });
  } finally {
    await server.stop(true);
  }
}

test("install.sh installs over https, through a redirect as well", () =>
  withScratch(async (scratch) => {
    const result = await installFrom(scratch, (path) =>
      path.startsWith("/moved")
        ? new Response(Buffer.from(RELEASE.get(path.slice("/moved/".length)) ?? []))
        : Response.redirect(`/moved${path}`),
    );
    expect(result).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(scratch, ".local/bin/mai"))).toBe(true);
  }));

test("install.sh follows no redirect from https to http", () =>
  withScratch((scratch) =>
    serving(RELEASE, async (plain) => {
      const result = await installFrom(scratch, (path) => Response.redirect(`${plain}${path}`));
      expect(result.exitCode).toBe(1);
      expect(existsSync(join(scratch, ".local/bin/mai"))).toBe(false);
    }),
  ));
