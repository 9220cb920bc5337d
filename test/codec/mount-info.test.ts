import { expect, test } from "bun:test";
import { fileSystemOf } from "../../src/codec/mount-info.ts";
import { flockDoubt } from "../../src/domain/doctor/file-systems.ts";

const MOUNTS = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
28 27 0:30 / /mnt/my\\040share rw,nosuid shared:5 master:2 - nfs4 server:/x rw,vers=4.2,local_lock=none
29 27 0:31 / /mnt/box rw - virtiofs tag rw
30 27 0:32 / /mnt/box rw - tmpfs none rw
`;

test("fileSystemOf() takes the longest mount point, whole names only, and undoes the kernel's escapes", () => {
  expect(fileSystemOf(MOUNTS, "/mnt/my share/project")).toEqual({
    type: "nfs4",
    mountPoint: "/mnt/my share",
    options: ["rw", "nosuid", "vers=4.2", "local_lock=none"],
  });
  expect(fileSystemOf(MOUNTS, "/mnt/my shared")?.type).toBe("ext4");
  expect(fileSystemOf("", "/")).toBeNull();
});

test("fileSystemOf() takes the last of two mounts at one place: it covers the other", () => {
  expect(fileSystemOf(MOUNTS, "/mnt/box")?.type).toBe("tmpfs");
});

test.each(["nfs", "nfs4", "cifs", "9p", "virtiofs", "fuse.sshfs", "fuse", "vboxsf"])(
  "flockDoubt() says why %s is not to be trusted",
  (type) => {
    expect(flockDoubt({ type, mountPoint: "/", options: [] })).toBeString();
  },
);

test.each(["ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "apfs", "constructor"])(
  "flockDoubt() has nothing against %s, unless it keeps locks on this machine",
  (type) => {
    expect(flockDoubt({ type, mountPoint: "/", options: ["rw"] })).toBeNull();
    expect(flockDoubt({ type, mountPoint: "/", options: ["nolock"] })).toContain("nolock");
  },
);
