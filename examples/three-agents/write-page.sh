#!/bin/sh
# Stands for real work: the first attempt at a page is a draft, the next one final.
set -eu

if [ -e "$1" ]; then text=final; else text=draft; fi
echo "$text" > "$1"
echo "wrote $1: $text"
