import { readFileSync } from "node:fs";
import { join } from "node:path";

interface PackedPackage {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

/**
 * Serves packed npm packages on the loopback interface, as a registry does, for as long as the body runs: a document
 * for each name, with one version, and its tarball. Every other name is not found.
 */
export async function servingPackages<T>(
  packages: readonly PackedPackage[],
  body: (registry: string) => Promise<T>,
): Promise<T> {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => answer(packages, new URL(request.url)),
  });
  try {
    return await body(`http://127.0.0.1:${server.port}/`);
  } finally {
    await server.stop(true);
  }
}

/** Reads a package directory and the tarball that was packed of it. */
export function packedPackage(directory: string, tarball: string): PackedPackage {
  return {
    manifest: JSON.parse(readFileSync(join(directory, "package.json"), "utf8")),
    tarball: readFileSync(tarball),
  };
}

function answer(packages: readonly PackedPackage[], url: URL): Response {
  const path = decodeURIComponent(url.pathname).slice(1);
  const wanted = packages.find(({ manifest }) => path === manifest.name || path === `${manifest.name}.tgz`);
  if (wanted === undefined) return new Response("{}", { status: 404 });
  return path.endsWith(".tgz") ? new Response(new Uint8Array(wanted.tarball)) : document(wanted, url);
}

function document({ manifest, tarball }: PackedPackage, url: URL): Response {
  const integrity = `sha512-${new Bun.CryptoHasher("sha512").update(tarball).digest("base64")}`;
  const dist = { tarball: `${url.origin}/${manifest.name}.tgz`, integrity };
  return Response.json({
    name: manifest.name,
    "dist-tags": { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  });
}
