#!/bin/sh
# tests/cluster/stop.sh FOLDER
#
# Ends every process of the cluster that start.sh made in FOLDER, its jobs included, and leaves the files there to be
# read. It may be called at any time and as often as one likes.
set -eu
folder=$(cd "$1" && pwd -P)

# A daemon is known by its file, provided that the process of that number is still the one that was started; the
# supervisors of jobs by the folder's log, which they hold open; and the jobs by their environment.
daemons() {
    for name in slurmctld slurmd-n1 slurmd-n2 munged; do
        pid=$(cat "$folder/$name.pid" 2> /dev/null) || continue
        case $(readlink "/proc/$pid/exe" 2> /dev/null) in
            */"${name%-n?}" | */"${name%-n?}-wlm") echo "$pid" ;; # Debian's Slurm has the longer name
        esac
    done
}
supervisors() {
    for process in /proc/[0-9]*; do
        case $(readlink "$process/exe" 2> /dev/null) in
            */slurmstepd) ;;
            *) continue ;;
        esac
        for file in "$process"/fd/*; do
            case $(readlink "$file" 2> /dev/null) in
                "$folder"/*) echo "${process#/proc/}"; break ;;
            esac
        done
    done
}
jobs_left() {
    for process in /proc/[0-9]*; do
        grep -qzxF "SLURM_CONF=$folder/slurm.conf" "$process/environ" 2> /dev/null || continue
        grep -qz "^SLURM_JOB_ID=" "$process/environ" 2> /dev/null && echo "${process#/proc/}"
    done
    true
}

# The controller goes first, so that nothing new starts; munged last, for the others need it to end in order.
for _ in $(seq 50); do
    left=$(daemons; supervisors; jobs_left)
    [ -z "$left" ] && exit 0
    # shellcheck disable=SC2086  # a list of numbers
    kill -KILL $left 2> /dev/null || true
    sleep 0.1
done
echo "$0: still running:" $left >&2
exit 1
