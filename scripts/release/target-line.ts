import type { BuiltTarget } from "./build-target.ts";

/** Shows one platform of a release on one line: its name, its size plain and packed, the digest of its archive. */
export function targetLine({ target, binary, archive }: BuiltTarget): string {
  const sizes = `${megabytes(binary.bytes)}  ${megabytes(archive.bytes)} packed`;
  return `${target.name.padEnd(16)}  ${sizes}  sha256 ${archive.sha256}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1).padStart(5)} MB`;
}
