# One worker: takes what is next, works on it while holding it, hands it over; until there is a file "stop".
# Usage: worker.sh MAI NAME
mai=$1 name=$2
while [ ! -e stop ]; do
  id=$("$mai" --json next -o "$name" --wait --timeout 2s | sed -n 's/.*"ok":true.*"issue_id":"\([^"]*\)".*/\1/p')
  [ -n "$id" ] || continue
  "$mai" issue run "$id" -o "$name" --on-success transfer:admin -- \
    sh -c 'sleep 0.1; exec "$0" issue amend "$MAI_ISSUE" "worked on by $MAI_OPERATOR"' "$mai"
done
