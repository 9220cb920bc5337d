import type { Call } from "../programs/call.ts";
import type { Suspicion } from "./finding.ts";

/** How each package manager is told to remove. */
const REMOVALS: Readonly<Record<string, RegExp>> = {
  apt: /^(?:remove|purge|autoremove)$/,
  "apt-get": /^(?:remove|purge|autoremove)$/,
  dpkg: /^(?:-r|-P|--remove|--purge)$/,
  yum: /^(?:remove|erase)$/,
  dnf: /^(?:remove|erase)$/,
  rpm: /^(?:-e|--erase)$/,
  pacman: /^-R/,
};

/** Packages without which a system does not start, or cannot be mended. */
const ESSENTIAL =
  /^(?:libc6|glibc|systemd(?:-.*)?|coreutils|bash|dpkg|apt|rpm|sudo|linux-image.*|kernel(?:-.*)?|util-linux|login)$/;

/** Stops the removal of packages that the system needs. */
export function detectPackages(call: Call): Suspicion | undefined {
  const removal = Object.hasOwn(REMOVALS, call.name) ? REMOVALS[call.name] : undefined;
  const words = call.args.map((arg) => arg.text);
  if (removal === undefined || !words.some((word) => removal.test(word))) return undefined;
  const lost = words.find((word) => ESSENTIAL.test(word));
  return lost === undefined ? undefined : { rule: "packages-lost", subject: lost };
}
