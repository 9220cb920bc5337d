#!/bin/sh
# A team of three scripted agents: a lead who makes work and accepts it, and two workers who do it. They know nothing
# of each other but the project. Needs mai on the PATH; the project stays in the directory that is named, or a new one.
#
#   sh examples/three-agents/run.sh [DIRECTORY]
set -eu

scripts=$(cd "$(dirname "$0")" && pwd)
project=${1:-$(mktemp -d)}
mkdir -p "$project"
cd "$project"

mai init -o lead
mai agent add lead -o lead
mai agent add ada -o lead
mai agent add ben -o lead
mai queue create features --owner default --prefix FEA -o lead

MAI_OPERATOR=ada sh "$scripts/worker.sh" &
MAI_OPERATOR=ben sh "$scripts/worker.sh" &
status=0
MAI_OPERATOR=lead sh "$scripts/lead.sh" || status=$?
touch finished # The workers go home when they see it.
wait

mai issue list features
echo "The project is in $project"
exit "$status"
