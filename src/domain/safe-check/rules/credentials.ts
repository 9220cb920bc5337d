/** Files that hold credentials. Public keys, examples and certificates are none. */
const CREDENTIAL_FILES: readonly RegExp[] = [
  /(?:^|\/)\.ssh\/?\*?$/,
  /(?:^|\/)\.ssh\/(?:id_[^/.]*|identity|[^/]*\.pem|[^/]*_(?:rsa|ed25519|ecdsa|dsa))$/,
  /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  /(?:^|\/)\.aws(?:\/(?:credentials|config|\*))?\/?$/,
  /(?:^|\/)\.(?:netrc|git-credentials|pgpass|npmrc|pypirc|my\.cnf|vault-token|dockercfg|htpasswd)$/,
  /(?:^|\/)\.docker\/config\.json$/,
  /(?:^|\/)\.kube(?:\/config)?\/?$/,
  /(?:^|\/)\.gnupg(?:\/.*)?$/,
  /(?:^|\/)\.(?:azure|password-store|electrum|bitcoin)(?:\/.*)?$/,
  /(?:^|\/)\.config\/(?:gcloud|gh|op|hub|rclone)(?:\/.*)?$/,
  /(?:^|\/)\.env(?:\.(?!example$|sample$|template$|dist$|test$|defaults?$|schema$)[\w-]+)?$/,
  /(?:^|\/)(?:credentials|secrets?|service[-_]account)\.(?:json|ya?ml|toml|txt|env|ini)$/i,
  /(?:^|\/)[^/]*(?:private|secret)[^/]*\.(?:pem|key|txt)$/i,
  /(?:^|\/)[^/]+\.(?:kdbx|p12|pfx|keychain(?:-db)?|ppk)$/,
  /(?:^|\/)(?:server|privkey|client|tls|ssl)[^/]*\.key$/,
  /^\/etc\/(?:g?shadow|sudoers|krb5\.keytab|ssh\/ssh_host_\w+_key)$/,
  /^\/proc\/(?:self|\d+|\*)\/environ$/,
  /^\/(?:var\/)?run\/secrets(?:\/.*)?$/,
  /(?:^|\/)(?:wallet\.dat|Login Data|Cookies|logins\.json|\.bash_history|\.zsh_history)$/,
];

/** Tells whether a path names a file or directory that holds credentials. */
export function isCredentialPath(path: string): boolean {
  const plain = path.replace(/\/+/g, "/");
  return plain.length <= 4_096 && CREDENTIAL_FILES.some((file) => file.test(plain));
}

/** Finds a credential file inside a word such as `@~/.netrc`, `file=@.env` or `key=<~/.ssh/id_rsa`. */
export function credentialIn(word: string): string | undefined {
  const pieces = [word, ...word.split(/[@<]/).slice(1), word.slice(word.indexOf("=") + 1)];
  return pieces.map((piece) => piece.split(";")[0] ?? "").find((piece) => isCredentialPath(piece));
}
