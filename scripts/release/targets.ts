/** Names one platform that a release is built for. */
export type TargetName =
  | "linux-x64"
  | "linux-arm64"
  | "linux-x64-musl"
  | "linux-arm64-musl"
  | "darwin-x64"
  | "darwin-arm64";

/** Describes one platform: how it is named to users, to Bun and to npm, and which runtime it is built on. */
export interface Target {
  readonly name: TargetName;
  readonly os: "linux" | "darwin";
  readonly cpu: "x64" | "arm64";
  /** The C library that the binary needs; null where the system has only one. */
  readonly libc: "glibc" | "musl" | null;
  /** What `bun build --target` takes. */
  readonly bunTarget: string;
  /** The npm package that holds Bun's executable for this platform. */
  readonly basePackage: string;
  /** SHA-256 of that executable, `bin/bun` in the package, in the pinned version of Bun. */
  readonly baseSha256: string;
}

/**
 * Holds every platform of a release. The digests belong to the Bun version in package.json's `engines`: both are
 * changed together (docs/release.md says how).
 */
export const TARGETS = {
  "linux-x64": {
    name: "linux-x64",
    os: "linux",
    cpu: "x64",
    libc: "glibc",
    bunTarget: "bun-linux-x64",
    basePackage: "@oven/bun-linux-x64",
    baseSha256: "f05d28a3862f4b84395c7fa32480b835dd47482e80b7e7a49a115227f0c06083",
  },
  "linux-arm64": {
    name: "linux-arm64",
    os: "linux",
    cpu: "arm64",
    libc: "glibc",
    bunTarget: "bun-linux-arm64",
    basePackage: "@oven/bun-linux-aarch64",
    baseSha256: "04778f1f42399a69d086853e9c7af4acf574b2f21a43d0dc673853d8b84a2923",
  },
  "linux-x64-musl": {
    name: "linux-x64-musl",
    os: "linux",
    cpu: "x64",
    libc: "musl",
    bunTarget: "bun-linux-x64-musl",
    basePackage: "@oven/bun-linux-x64-musl",
    baseSha256: "cf5d285ddbe256785a5121a3c113191a6b577504976374c7cfd5aedca609b720",
  },
  "linux-arm64-musl": {
    name: "linux-arm64-musl",
    os: "linux",
    cpu: "arm64",
    libc: "musl",
    bunTarget: "bun-linux-arm64-musl",
    basePackage: "@oven/bun-linux-aarch64-musl",
    baseSha256: "9c48986093073afec8b76a3e285303598dd2462f52748aecb65e4d94866e1ea3",
  },
  "darwin-x64": {
    name: "darwin-x64",
    os: "darwin",
    cpu: "x64",
    libc: null,
    bunTarget: "bun-darwin-x64",
    basePackage: "@oven/bun-darwin-x64",
    baseSha256: "88f97645b270aef20f9f9442f1658461cab3e7128e658af4615144e3396f084a",
  },
  "darwin-arm64": {
    name: "darwin-arm64",
    os: "darwin",
    cpu: "arm64",
    libc: null,
    bunTarget: "bun-darwin-arm64",
    basePackage: "@oven/bun-darwin-aarch64",
    baseSha256: "e2984124f1514e1e6bbda20adedbf07a02c443c6a5828853a15c7c7abf78e19f",
  },
} as const satisfies Record<TargetName, Target>;

/** Lists every platform in the order in which a release shows them. */
export const ALL_TARGETS: readonly Target[] = Object.values(TARGETS);

/**
 * Finds the platforms that a comma-separated list names.
 * @throws Error when a name is not one of {@link TARGETS}.
 */
export function parseTargetList(list: string): readonly Target[] {
  return list.split(",").map((name) => findTarget(name.trim()));
}

function findTarget(name: string): Target {
  const target = ALL_TARGETS.find((candidate) => candidate.name === name);
  if (target === undefined) {
    const known = ALL_TARGETS.map((candidate) => candidate.name).join(", ");
    throw new Error(`unknown target '${name}'; the targets are ${known}`);
  }
  return target;
}
