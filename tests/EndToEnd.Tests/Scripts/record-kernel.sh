#!/bin/sh
# Writes into ../KernelOutcomes what the running kernel answers to each list.
#   record-kernel.sh [LIST …]         names without .txt; all lists when none is given
#   record-kernel.sh --check [N]      runs every list N times (5) and says where the kernel's answers differ
here=$(cd "$(dirname "$0")" && pwd)
outcomes=$here/../KernelOutcomes
cd "$here" || exit 1

lists() { for file in *.txt; do case $file in documented-*) ;; *) echo "${file%.txt}" ;; esac; done; }

if [ "$1" = --check ]; then
    scratch=$(mktemp -d)
    status=0
    round=0
    while [ $round -lt "${2:-5}" ]; do
        round=$((round + 1))
        for list in $(lists); do unshare -nm sh -c 'mount -t tmpfs none /run && exec "$@"' in-namespace sh run-list.sh kernel "$list.txt" "$scratch/$list" & done
        wait
        for list in $(lists); do
            cmp -s "$scratch/$list" "$outcomes/$list.txt" && continue
            status=1
            echo "round $round: $list"
            diff "$outcomes/$list.txt" "$scratch/$list"
        done
    done
    rm -rf "$scratch"
    exit $status
fi

for list in ${*:-$(lists)}; do unshare -nm sh -c 'mount -t tmpfs none /run && exec "$@"' in-namespace sh run-list.sh kernel "$list.txt" "$outcomes/$list.txt" & done
wait
