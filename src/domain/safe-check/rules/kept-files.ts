import { cleanPath } from "../paths.ts";

/** Keys in a home, and what shells remember; known hosts, caches and public keys come back by themselves. */
const IN_HOME =
  /^(?:\.ssh(?:\/(?:\*|id_\*|identity|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?))?|\.gnupg(?:\/secring\.gpg)?|\.aws(?:\/credentials)?|\.kube\/config|\.(?:bash|zsh)_history)$/;

/** Files of a repository that nothing brings back. */
const IN_REPOSITORY = /^(?:\.\.\/)*\.git\/(?:HEAD|packed-refs)$/;

/** Tells whether a path names keys or a history that cannot be made again. */
export function isKeptFile(path: string, directory: string): boolean {
  if (path.length > 4_096) return false;
  const { base, segments, isContents } = cleanPath(path, directory);
  const shown = segments.join("/");
  if (base === ".") return IN_REPOSITORY.test(shown);
  return base === "~" && IN_HOME.test(shown) && (segments.length > 1 || isContents || /history$/.test(shown));
}
