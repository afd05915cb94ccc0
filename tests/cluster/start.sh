#!/bin/sh
# tests/cluster/start.sh FOLDER
#
# A Slurm on this host alone: a controller and two nodes, n1 and n2, on free ports of the loopback. All of it lives in
# FOLDER, which it makes; `export SLURM_CONF=FOLDER/slurm.conf` is how sbatch and the others find it, and stop.sh ends
# it. FOLDER/bin goes first into the PATH. It needs no root, and minds no other Slurm on the host.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
if [ $# != 1 ]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
for command in munged slurmctld slurmd scontrol sinfo; do
    command -v "$command" > /dev/null || { echo "$0: $command is not installed (Debian: slurm-wlm, munge)" >&2; exit 1; }
done
# mkdir is atomic: of two starts in one folder the second fails here and leaves the first alone
mkdir -p "$(dirname "$1")"
mkdir "$1" || { echo "$0: $1 is there already: stop it with stop.sh and remove it first" >&2; exit 1; }
folder=$(cd "$1" && pwd -P)
trap failed EXIT INT TERM

failed() {
    trap - EXIT INT TERM
    echo "$0: the cluster did not come up; its logs end so:" >&2
    tail -n 15 "$folder"/*.log >&2 || true
    "$here/stop.sh" "$folder"
    exit 1
}

wait_for() { # seconds command...
    seconds=$1
    shift
    for _ in $(seq $((seconds * 5))); do
        "$@" > /dev/null 2>&1 && return 0
        sleep 0.2
    done
    return 1
}

ports=$(python3 -c '
import socket
sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*[listening.getsockname()[1] for listening in sockets])')
# shellcheck disable=SC2086  # three words
set -- $ports
host=$(uname -n)

mkdir -m 700 "$folder/state"
umask 077
head -c 128 /dev/urandom > "$folder/munge.key"
umask 022

# Limits: a job over its memory is killed within about a second (the sampled resident memory counts), one over its time
# within half a minute, which is how often slurmctld looks. A node that is silent for ten seconds is down. CPUs and
# memory of the nodes are what the tests need, not what the host has.
cat > "$folder/slurm.conf" << CONF
ClusterName=dlnflow-test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$1
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/jobs.txt
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
KillWait=2
SlurmdTimeout=10
ReturnToService=2
SlurmdParameters=config_overrides
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$2 CPUs=4 RealMemory=16000
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$3 CPUs=4 RealMemory=16000
PartitionName=main Nodes=n1,n2 Default=YES LLN=YES
CONF
export SLURM_CONF="$folder/slurm.conf"

# Within a job the executor plugin forgets SLURM_CONF before it calls srun: FOLDER/bin, first in the PATH of who submits,
# has one that knows it.
mkdir "$folder/bin"
printf '#!/bin/sh\nSLURM_CONF="%s" exec "%s" "$@"\n' "$SLURM_CONF" "$(command -v srun)" > "$folder/bin/srun"
chmod 755 "$folder/bin/srun"

# --force: in a folder of one's own others cannot reach the socket, which is as it should be here
munged --force --key-file "$folder/munge.key" --socket "$folder/munge.socket" --pid-file "$folder/munged.pid" \
    --log-file "$folder/munged.log" --seed-file "$folder/munge.seed" 2> /dev/null || failed
slurmctld || failed
wait_for 20 scontrol ping || failed
for node in n1 n2; do
    slurmd -N "$node" || failed
done
both_idle() { [ "$(sinfo --noheader --Node --states=idle --format=%N | sort -u | wc -l)" = 2 ]; }
wait_for 30 both_idle || failed
trap - EXIT INT TERM
