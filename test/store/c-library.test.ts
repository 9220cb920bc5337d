import { describe, expect, test } from "bun:test";
import {
  cLibraryPaths,
  type Loader,
  NoExecutableMemory,
  openCLibrary,
} from "../../src/store/lock/c-library.ts";

const mapped = (path: string) =>
  `5581-5582 r--p 00000000 fe:00 1 /opt/mai/libc.so.6/mai\n7f5a-7f5b r-xp 00026000 fe:00 339380   ${path}\n7ffd-7ffe rw-p 00000000 00:00 0 [stack]\n`;

const pathsWhere = (maps: string, arch = "x64") =>
  cLibraryPaths({ platform: "linux", arch, readMaps: () => maps });

describe("the C library", () => {
  for (const path of [
    "/usr/lib/x86_64-linux-gnu/libc.so.6",
    "/usr/lib64/libc-2.17.so",
    "/nix/store/0123-glibc-2.39-52/lib/libc.so.6",
    "/gnu/store/0123-glibc-2.35/lib/libc.so.6",
    "/lib/ld-musl-x86_64.so.1",
    "/usr/lib/libc.so",
    "/a place/libc.so.6",
  ])
    test(`is the one that is mapped: ${path}`, () => {
      expect(pathsWhere(mapped(path))[0]).toBe(path);
    });

  test("is named without what the kernel adds when the file was replaced meanwhile", () => {
    expect(pathsWhere(mapped("/lib64/libc.so.6 (deleted)"))[0]).toBe("/lib64/libc.so.6");
  });

  test("is not taken from files with a similar name", () => {
    expect(pathsWhere(mapped("/home/x/my-libc.so.6.txt"))).toEqual(pathsWhere(""));
    expect(pathsWhere(mapped("/home/x/notlibc.so.6"))).toEqual(pathsWhere(""));
  });

  test("is sought by absolute paths alone, on every platform", () => {
    for (const platform of ["linux", "darwin"])
      for (const arch of ["x64", "arm64"]) {
        const paths = cLibraryPaths({ platform, arch, readMaps: () => "" });
        expect(paths.length).toBeGreaterThan(0);
        expect(paths.filter((path) => !path.startsWith("/"))).toEqual([]);
      }
    expect(pathsWhere("", "arm64")).toContain("/lib/ld-musl-aarch64.so.1");
  });
});

/** Opens none of the paths and notes which were tried; only `there` exists. */
function refusing(there: readonly string[], message = "cannot open") {
  const tried: string[] = [];
  const loader: Loader = {
    paths: ["/a/libc.so.6", "/b/libc.so.6", "/c/libc.so.6"],
    isThere: (path) => there.includes(path),
    open: (path) => {
      tried.push(path);
      throw new Error(message);
    },
  };
  return { tried, loader };
}

describe("opening it", () => {
  test("goes on past paths where there is nothing, and says what was tried", () => {
    const { tried, loader } = refusing([]);
    expect(() => openCLibrary({}, loader)).toThrow(
      "The C library cannot be found; mai looked for /a/libc.so.6, /b/libc.so.6, /c/libc.so.6.",
    );
    expect(tried).toEqual([...loader.paths]);
  });

  test("stops at the first library that is there and cannot be opened", () => {
    const { tried, loader } = refusing(["/b/libc.so.6"]);
    expect(() => openCLibrary({}, loader)).toThrow("The C library /b/libc.so.6 cannot be opened.");
    expect(tried).toEqual(["/a/libc.so.6", "/b/libc.so.6"]);
  });

  test("stops at once where no executable memory can be made", () => {
    const { tried, loader } = refusing([], "bun:ffi requires the JIT");
    expect(() => openCLibrary({}, loader)).toThrow(NoExecutableMemory);
    expect(tried).toEqual(["/a/libc.so.6"]);
  });
});
