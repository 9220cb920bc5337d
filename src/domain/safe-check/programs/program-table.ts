/** Shells: they run what `-c`, a file or standard input gives them. */
export const SHELLS: ReadonlySet<string> = new Set(
  "sh bash dash ash zsh ksh mksh fish rbash tcsh csh".split(" "),
);

/** How a language's interpreter is given code on the command line. */
export interface CodeInterpreter {
  readonly code: readonly string[];
  /** Other options that take a value. */
  readonly valued?: string;
  /** With one of these it runs a module or a file that is not looked at. */
  readonly module?: readonly string[];
  /** The first operand is the code, as in awk. */
  readonly isOperandCode?: true;
}

/** Interpreters of other languages; a version at the end of the name (`python3.12`) is dropped first. */
export const CODE_INTERPRETERS: Readonly<Record<string, CodeInterpreter>> = {
  python: { code: ["-c"], valued: "-W -X -m", module: ["-m"] },
  pypy: { code: ["-c"], valued: "-W -X -m", module: ["-m"] },
  perl: { code: ["-e", "-E"], valued: "-I -M" },
  ruby: { code: ["-e"], valued: "-I -r" },
  node: { code: ["-e", "--eval", "-p", "--print"], valued: "-r --require --import" },
  nodejs: { code: ["-e", "--eval", "-p", "--print"] },
  bun: { code: ["-e", "--eval", "-p", "--print"] },
  tsx: { code: ["-e", "--eval"] },
  php: { code: ["-r"] },
  lua: { code: ["-e"] },
  osascript: { code: ["-e"] },
  rscript: { code: ["-e"] },
  pwsh: { code: ["-c", "-Command", "-command"] },
  awk: { code: [], valued: "-F -v -f", isOperandCode: true },
  gawk: { code: [], valued: "-F -v -f", isOperandCode: true },
  mawk: { code: [], valued: "-F -v -f", isOperandCode: true },
};

/** Where a command that starts shell text keeps that text. */
export interface Launcher {
  /** `all`: all operands joined. `each`: each word by itself. `option`: the values of options. `stdin`: what it reads. */
  readonly takes: "all" | "each" | "option" | "stdin";
  readonly options?: readonly string[];
  readonly valued?: string;
  /** Operands in front of the text. */
  readonly skip?: number;
  /** The words may be something else than shell text: only what can be read is looked at. */
  readonly isLoose?: true;
}

/** Options of tar that start a program. */
const TAR: Launcher = {
  takes: "option",
  options: [
    "--checkpoint-action",
    "--to-command",
    "-I",
    "--use-compress-program",
    "-F",
    "--info-script",
    "--new-volume-script",
    "--rsh-command",
  ],
  valued: "-f --file -C --directory",
  isLoose: true,
};

/** Commands that hand text to a shell, here, later or elsewhere. */
export const LAUNCHERS: Readonly<Record<string, Launcher>> = {
  eval: { takes: "all" },
  ssh: {
    takes: "all",
    valued: "-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w",
    skip: 1,
    isLoose: true,
  },
  su: { takes: "option", options: ["-c", "--command"], valued: "-s --shell" },
  runuser: { takes: "option", options: ["-c", "--command"], valued: "-u -s" },
  script: { takes: "option", options: ["-c", "--command"] },
  flock: { takes: "option", options: ["-c", "--command"], valued: "-w" },
  env: { takes: "option", options: ["-S", "--split-string"], valued: "-u -C" },
  npx: { takes: "option", options: ["-c", "--call"], valued: "-p" },
  "nix-shell": { takes: "option", options: ["--run", "--command"], valued: "-p" },
  vagrant: { takes: "option", options: ["-c", "--command"] },
  watch: { takes: "all", valued: "-n --interval", isLoose: true },
  trap: { takes: "each", isLoose: true },
  alias: { takes: "each", isLoose: true },
  tmux: { takes: "each", isLoose: true },
  screen: { takes: "each", isLoose: true },
  hyperfine: { takes: "each", isLoose: true },
  concurrently: { takes: "each", isLoose: true },
  parallel: { takes: "each", isLoose: true },
  expect: { takes: "each", isLoose: true },
  vim: { takes: "option", options: ["-c", "--cmd"], isLoose: true },
  vi: { takes: "option", options: ["-c"], isLoose: true },
  ex: { takes: "option", options: ["-c"], isLoose: true },
  nvim: { takes: "option", options: ["-c", "--cmd"], isLoose: true },
  at: { takes: "stdin", isLoose: true },
  batch: { takes: "stdin", isLoose: true },
  crontab: { takes: "stdin", isLoose: true },
  ...Object.fromEntries(["tar", "bsdtar", "gtar"].map((name) => [name, TAR])),
  rsync: { takes: "option", options: ["-e", "--rsh", "--rsync-path"], isLoose: true },
  zip: { takes: "option", options: ["-TT", "--unzip-command"], isLoose: true },
  split: { takes: "option", options: ["--filter"], valued: "-b -l -n", isLoose: true },
  sort: { takes: "option", options: ["--compress-program"], valued: "-k -t -o -S -T", isLoose: true },
  sg: { takes: "option", options: ["-c"], isLoose: true },
  "git submodule foreach": { takes: "all", skip: 2, isLoose: true },
  "git rebase": { takes: "option", options: ["-x", "--exec"], valued: "--onto -s -X" },
  "git filter-branch": {
    takes: "option",
    options: ["--tree-filter", "--index-filter", "--env-filter", "--msg-filter", "--commit-filter"],
  },
};
