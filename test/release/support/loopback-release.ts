import { sha256Of } from "../../../scripts/release/file-digest.ts";
import { tarArchive } from "../../../scripts/release/tar.ts";
import { ALL_TARGETS } from "../../../scripts/release/targets.ts";

/** Maps the file names of a release to their content. */
export type ReleaseContent = Map<string, Uint8Array>;

/** Makes a release of every platform whose program is the given shell script, with the lists that go with it. */
export function releaseOfScript(program: string): ReleaseContent {
  const files: ReleaseContent = new Map();
  for (const target of ALL_TARGETS) {
    const path = `mai-${target.name}/mai`;
    const tar = tarArchive([{ path, content: new TextEncoder().encode(program), mode: 0o755 }]);
    files.set(`mai-${target.name}.tar.gz`, Bun.gzipSync(new Uint8Array(tar)));
  }
  const sums = [...files].map(([name, content]) => `${sha256Of(content)}  ${name}\n`);
  files.set("SHA256SUMS", new TextEncoder().encode(sums.join("")));
  return files;
}

/** Says how the stand-in program answers: its version, and `wait`, which answers once it is given a line. */
export function programOfVersion(version: string): string {
  return [
    "#!/bin/sh",
    'case "$1" in',
    `  --version) echo "mai ${version}" ;;`,
    `  wait) echo ready; read -r line; echo "${version} got $line" ;;`,
    "esac",
    "",
  ].join("\n");
}

/** Serves a release on a free port of the loopback interface for as long as the body runs. */
export async function serving<T>(files: ReleaseContent, body: (baseUrl: string) => Promise<T>): Promise<T> {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const content = files.get(new URL(request.url).pathname.slice(1));
      return content === undefined
        ? new Response("no such file", { status: 404 })
        : new Response(Buffer.from(content));
    },
  });
  try {
    return await body(`http://127.0.0.1:${server.port}`);
  } finally {
    await server.stop(true);
  }
}
