import type { RuleId } from "./finding.ts";

/** What a command may not be called with, as globs over its words; `unless` are forms that only look. */
export interface ToolRule {
  readonly rule: RuleId;
  readonly when: readonly string[];
  readonly unless?: readonly string[];
}

const ANY = ["*"] as const;
const POWER = {
  rule: "power-off",
  when: ANY,
  unless: ["* -c", "* --cancel", "* -w", "*--wtmp-only*"],
} as const;
const DISK = { rule: "disk-tool", when: ANY } as const;
const SERVICES = "ssh sshd firewalld ufw iptables nftables apparmor auditd fail2ban".split(" ");
const TABLES = "-F*|--flush*|-X*|* -F*|* --flush*|-P * ACCEPT*|* -P * ACCEPT*";

/** Commands that are stopped by their words alone. */
export const TOOLS: Readonly<Record<string, readonly ToolRule[]>> = {
  shutdown: [POWER],
  reboot: [POWER],
  poweroff: [POWER],
  halt: [POWER],
  init: [{ rule: "power-off", when: ["init 0", "init 1", "init 6", "init s", "init S"] }],
  telinit: [{ rule: "power-off", when: ["telinit 0", "telinit 1", "telinit 6"] }],
  systemctl: [
    {
      rule: "power-off",
      when: powerVerbs("poweroff reboot halt kexec suspend hibernate rescue emergency isolate soft-reboot"),
    },
    { rule: "security-off", when: SERVICES.flatMap((name) => stopVerbs(name)) },
  ],
  loginctl: [{ rule: "power-off", when: ["* poweroff*", "* reboot*", "* kill-user*", "* terminate-user*"] }],
  kexec: [{ rule: "power-off", when: ["kexec -e*", "kexec --exec*"] }],
  wipefs: [{ rule: "disk-tool", when: ["* -a*", "* --all*", "* -o*", "* -fa*", "* -af*"] }],
  fdisk: [{ ...DISK, unless: ["*-l*", "* --list*", "*-s *", "*-x*"] }],
  cfdisk: [DISK],
  gdisk: [{ ...DISK, unless: ["* -l*"] }],
  sgdisk: [{ ...DISK, unless: ["* -p*", "* --print*", "* -i*", "* -v*", "* -b *", "* --backup*"] }],
  sfdisk: [{ ...DISK, unless: ["* -l*", "* --list*", "* -d*", "* --dump*", "* -J*", "* -V*"] }],
  parted: [{ ...DISK, unless: ["* -l*", "* --list*", "* print*"] }],
  blkdiscard: [DISK],
  badblocks: [{ rule: "disk-tool", when: ["*-w*"] }],
  hdparm: [
    { rule: "disk-tool", when: ["*--security-erase*", "*--trim-sector*", "*--write-sector*", "*--format*"] },
  ],
  nvme: [{ rule: "disk-tool", when: ["nvme format*", "nvme sanitize*", "nvme delete-ns*", "nvme write*"] }],
  cryptsetup: [
    { rule: "disk-tool", when: ["*luksFormat*", "*erase*", "*luksErase*", "*luksKillSlot*", "*reencrypt*"] },
  ],
  lvremove: [DISK],
  vgremove: [DISK],
  pvremove: [DISK],
  lvreduce: [DISK],
  pvcreate: [DISK],
  zpool: [{ rule: "disk-tool", when: ["* destroy*", "* labelclear*", "* create*"] }],
  zfs: [{ rule: "disk-tool", when: ["* destroy*", "* rollback*"] }],
  btrfs: [{ rule: "disk-tool", when: ["btrfs subvolume delete*", "btrfs device remove*"] }],
  mdadm: [{ rule: "disk-tool", when: ["*--zero-superblock*", "*--stop*", "*--create*"] }],
  diskutil: [
    {
      rule: "disk-tool",
      when: [
        "* erase*",
        "* partitionDisk*",
        "* secureErase*",
        "* zeroDisk*",
        "* reformat*",
        "* apfs delete*",
      ],
    },
  ],
  "grub-install": [DISK],
  efibootmgr: [{ rule: "disk-tool", when: ["* -B*", "* -b*", "* --delete*"] }],
  umount: [
    { rule: "disk-tool", when: ["umount -a*", "umount * -a*", "umount /", "umount -l /", "umount -f /"] },
  ],
  mount: [{ rule: "disk-tool", when: ["*remount,ro* /", "mount * -o remount,ro /"] }],
  iptables: flush(TABLES),
  ip6tables: flush(TABLES),
  nft: flush("flush*|delete table*"),
  ufw: flush("disable*|reset*|--force disable*|--force reset*"),
  "firewall-cmd": flush("--panic-on*"),
  setenforce: flush("0|permissive"),
  csrutil: flush("disable*"),
  spctl: flush("--master-disable*|--global-disable*"),
  auditctl: flush("-D*|-e 0*"),
  swapoff: [{ rule: "disk-tool", when: ["swapoff -a*"] }],
  crontab: [{ rule: "schedule-lost", when: ["* -r*", "*-ri*", "*-ir*", "* -u * -r*", "crontab /dev/null"] }],
  "iptables-legacy": flush(TABLES),
  "iptables-nft": flush(TABLES),
  ebtables: flush("-F*|--flush*"),
  arptables: flush("-F*|--flush*"),
  ipset: flush("flush*|destroy*"),
  pfctl: flush("-d*|-F*"),
  service: SERVICES.map((name) => ({ rule: "security-off", when: [`service ${name} stop`] })),
  history: [{ rule: "delete-protected", when: ["history -c*"] }],
  gpg: [{ rule: "delete-protected", when: ["*--delete-secret*"] }],
  userdel: [{ rule: "account-change", when: ANY }],
  deluser: [{ rule: "account-change", when: ANY }],
  groupdel: [{ rule: "account-change", when: ANY }],
  passwd: [
    { rule: "account-change", when: ["passwd", "passwd root", "* -d*", "* -l*", "* --delete*", "* --lock*"] },
  ],
  chpasswd: [{ rule: "account-change", when: ANY }],
  usermod: [{ rule: "account-change", when: ["* -L*", "* root*", "* -u 0 *", "* -o -u 0*", "*-p *"] }],
  useradd: [{ rule: "account-change", when: ["* -u 0*", "* -ou 0*", "* -o -u 0*"] }],
  visudo: [{ rule: "account-change", when: ["visudo", "visudo -f*"] }],
  rmmod: [{ rule: "security-off", when: ANY }],
};

function powerVerbs(verbs: string): readonly string[] {
  return verbs
    .split(" ")
    .flatMap((verb) => [
      `systemctl* start ${verb}.target`,
      `systemctl ${verb}`,
      `systemctl ${verb} *`,
      `systemctl -* ${verb}*`,
    ]);
}

function stopVerbs(service: string): readonly string[] {
  return ["stop", "disable", "mask"].flatMap((verb) => [
    `systemctl* ${verb} *${service}`,
    `systemctl* ${verb} *${service}.service`,
  ]);
}

function flush(forms: string): readonly ToolRule[] {
  return [{ rule: "security-off", when: forms.split("|").map((form) => `?* ${form}`) }];
}
