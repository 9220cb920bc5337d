/** Shells that mai completes in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
/** Name of a shell. */
export type Shell = (typeof SHELLS)[number];

/** The question that every script asks; the format is named since the environment may say another. */
const ASK = "command mai --format text complete-words --";

/**
 * What each shell loads. They only pass on what was typed: what may follow is asked for at every key, so that they fit
 * every version of mai. Nothing that comes back is evaluated; each shell quotes what it puts on the line. The script
 * for bash keeps to what 3.2 knows, which macOS has: no `source <(…)`, and file names without compopt.
 */
const SCRIPTS = {
  bash: `# Completions of mai for bash. In ~/.bashrc: eval "$(mai completions bash)"
_mai() {
  local line tab=$'\\t'
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default 2>/dev/null
      return
    fi
    printf -v line '%q' "\${line%%"$tab"*}"
    COMPREPLY+=("$line")
  done < <(${ASK} "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
if type compopt >/dev/null 2>&1; then
  complete -F _mai mai
else
  complete -o default -F _mai mai
fi
`,
  zsh: `#compdef mai
# Completions of mai for zsh. In ~/.zshrc, after compinit: eval "$(mai completions zsh)"
_mai() {
  local line word
  local -a found told
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      _files
      return
    fi
    word=\${line%%$'\\t'*}
    found+=("$word")
    if [[ $line == *$'\\t'* ]]; then
      told+=("$word  -- \${line#*$'\\t'}")
    else
      told+=("$word")
    fi
  done < <(${ASK} "\${(@Q)words[1,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && compadd -l -d told -M 'm:{a-zA-Z}={A-Za-z}' -a -- found
}
if [[ \${funcstack[1]} == _mai ]]; then
  _mai "$@"
elif (( \${+functions[compdef]} )); then
  compdef _mai mai
fi
`,
  fish: `# Completions of mai for fish. Put them into ~/.config/fish/completions/mai.fish
function __mai_complete
    set -l current (commandline --current-token --cut-at-cursor)
    test (count $current) -eq 0; and set current ''
    set -l found (${ASK} (commandline --tokenize --current-process --cut-at-cursor) $current 2>/dev/null)
    if test "$found[1]" = :files
        __fish_complete_path $current
    else
        test (count $found) -gt 0; and printf '%s\\n' $found
    end
end
complete --command mai --no-files --arguments '(__mai_complete)'
`,
} as const satisfies Record<Shell, string>;

/** Returns the script that a shell loads. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}
