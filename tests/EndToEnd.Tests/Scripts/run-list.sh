#!/bin/sh
# Runs one list of commands and writes what each one answered.
#
#   run-list.sh SIDE LIST RESULT      SIDE is "kernel" or "server"
#
# A list has one command a line. Lines that start with # are comments, and four directives start with @:
#   @settle [SECONDS]      wait (default 1.3) for the kernel's asynchronous link watch; nothing to wait for on the server's side
#   @monitor COMMAND       start COMMAND in the background and wait until it listens
#   @collect               stop it; what it printed becomes the record of one more command
#   @requires COMMAND      skip the rest of the list, with a record that says so, where COMMAND fails
# The record of a command is
#   $ the command, as in the list
#   = its exit code
#   | a line of its standard output, for each line
#   ! a line of its standard error, for each line
# and the whole is normalised by normalise.awk.
side=$1 list=$2 result=$3
here=$(dirname "$0")
scratch=$(mktemp -d) || exit 70
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C TZ=UTC0 COLUMNS=200 SIDE=$side SCRIPTS=$(cd "$here" && pwd)

if [ "$side" = kernel ]; then
    # No duplicate address detection: an address is usable at once, as it is on the server.
    for where in default all lo; do
        echo 0 > /proc/sys/net/ipv6/conf/$where/accept_dad
        echo 0 > /proc/sys/net/ipv6/conf/$where/dad_transmits
    done
fi

record() { # NAME CODE OUT ERR
    printf '$ %s\n= %s\n' "$1" "$2"
    sed 's/^/| /' "$3"
    sed 's/^/! /' "$4"
}

: > "$scratch/all"
while IFS= read -r line <&3 || [ -n "$line" ]; do
    case $line in
    '' | '#'*) continue ;;
    @settle*)
        if [ "$side" = kernel ]; then
            pause=${line#@settle}
            sleep ${pause:-1.3}
        fi ;;
    '@monitor '*)
        watched=${line#@monitor }
        eval "exec $watched" > "$scratch/mon.out" 2> "$scratch/mon.err" < /dev/null 3<&- &
        watcher=$!
        sleep 0.5 ;;
    @collect)
        sleep 0.4
        kill "$watcher"
        wait "$watcher" 2> /dev/null
        record "$watched" 0 "$scratch/mon.out" "$scratch/mon.err" >> "$scratch/all" ;;
    '@requires '*)
        if ! eval "${line#@requires }" > /dev/null 2>&1; then
            : > "$scratch/none"
            record "$line" 77 "$scratch/none" "$scratch/none" >> "$scratch/all"
            break
        fi ;;
    *)
        (eval "$line") > "$scratch/out" 2> "$scratch/err" < /dev/null 3<&-
        record "$line" $? "$scratch/out" "$scratch/err" >> "$scratch/all" ;;
    esac
done 3< "$list"
awk -f "$here/normalise.awk" "$scratch/all" > "$result"
