#!/bin/sh
# Makes the work; then looks at what comes back and accepts it, or sends it back with the reason.
set -eu

# The key makes each line safe to repeat: after a crash this script is simply started again.
for page in login search export; do
  mai issue new features "Write $page.txt" --key "plan-$page"
done

while [ "$(mai issue list features --status COMPLETED | grep -c '^ *FEA-')" -lt 3 ]; do
  mai wait --queue features --handler lead --timeout 60s
  mai issue list features --handler lead --status OPEN | sed -n 's/^ *\(FEA-[0-9]*\).* Write \([a-z]*\.txt\).*/\1 \2/p' |
    while read -r id file; do
      if grep -q final "$file"; then
        mai issue complete "$id" "$file is final"
      else
        mai issue reject "$id" "$file is still a draft"
      fi
    done
done
