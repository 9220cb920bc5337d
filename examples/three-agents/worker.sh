#!/bin/sh
# Takes the most urgent work there is, does it while mai holds the issue, and hands it to the lead; until all is finished.
set -eu
scripts=$(cd "$(dirname "$0")" && pwd)

until [ -e finished ]; do
  # Claimed when it comes: no other worker gets the same. Nothing for two seconds: look up, then sleep again.
  job=$(mai next --queue features --wait --timeout 2s 2>&1) || continue
  id=${job%% *}
  file=$(printf '%s\n' "$job" | sed -n '1s/.*Write //p')
  # While the command runs its lease cannot go stale; should this script be killed, the issue is free at once.
  mai issue run "$id" --on-success transfer:lead --on-failure block -- \
    sh "$scripts/write-page.sh" "$file"
done
