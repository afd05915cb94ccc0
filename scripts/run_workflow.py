"""Run Snakemake on this workflow, one run in a folder after the other, whatever a killed one left: what `make` does."""

import argparse
import fcntl
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import psutil

from dlnflow.config.errors import ConfigError
from dlnflow.config.yaml_text import check_file

LOCK = ".dlnflow.lock"
SNAKEMAKE = [sys.executable, "-m", "snakemake"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="All other options, and the output, are Snakemake's.", allow_abbrev=False
    )
    parser.add_argument("-d", "--directory", type=Path, default=Path(), help="the folder of the run")
    parser.add_argument(
        "--configfile", "--configfiles", type=Path, nargs="+", default=[], help="in place of config.yaml"
    )
    arguments, options = parser.parse_known_args()
    folder, configs = arguments.directory, arguments.configfile
    try:
        for config in configs:
            check_file(config)  # Snakemake would show a traceback
    except ConfigError as error:
        sys.exit(str(error))
    if configs:
        options += ["--configfile", *map(str, configs)]
    folder.mkdir(parents=True, exist_ok=True)
    take_turn(folder)
    call = [*SNAKEMAKE, f"--directory={folder}", "--logger=dlnflow", "--cores=all", *options]
    # Whoever holds the lock may break the one that a killed Snakemake left behind, unless one that was started without
    # this is at work.
    is_locked = any((folder / ".snakemake" / "locks").glob("*")) and not is_at_work(folder)
    if is_locked and (status := subprocess.run([*call, "--unlock"], check=False).returncode):
        sys.exit(status)
    os.execv(call[0], call)  # in this process, which holds the lock


def take_turn(folder: Path) -> None:
    """Hold the folder's lock until this process, or what it becomes, ends; say for whom it waits."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"waiting for {_holder(lock)}, which runs in {folder.absolute()}", file=sys.stderr, flush=True)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except KeyboardInterrupt:
            sys.exit("waited in vain")
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    os.set_inheritable(lock, True)  # by what this process becomes; Snakemake's jobs do not inherit it


def _holder(lock: int) -> str:
    try:
        process = psutil.Process(int(os.pread(lock, 100, 0)))
        begun = time.strftime("%H:%M:%S", time.localtime(process.create_time()))
    except (ValueError, psutil.Error):  # just begun, or just ended
        return "another run"
    return f"process {process.pid}, begun at {begun}"


def is_at_work(folder: Path) -> bool:
    """Whether a Snakemake other than this process works in the folder."""
    here = str(folder.resolve())
    return any(
        process.pid != os.getpid() and process.info["cwd"] == here and _is_snakemake(process.info["cmdline"])
        for process in psutil.process_iter(["cwd", "cmdline"])
    )


def _is_snakemake(call: list[str] | None) -> bool:
    """Started as `snakemake` or as `python -m snakemake`, whatever options Python has."""
    words = call or []
    return any(Path(word).name == "snakemake" for word in words[1:2]) or ("-m", "snakemake") in pairwise(words)


if __name__ == "__main__":
    main()
