"""Run the workflow in the folder of a config, one run after the other: what `make` does.

config.yaml runs in this folder, any other config in out/<its name>. Whoever holds the folder's lock may break the one
that a killed Snakemake left behind, unless a Snakemake that was started without this is at work there.
"""

import argparse
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

DEFAULT = Path("config.yaml")
LOCK = ".dlnflow.lock"
SNAKEMAKE = [sys.executable, "-m", "snakemake"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, epilog="All else is Snakemake's, such as targets.")
    parser.add_argument("config", type=Path, help="a complete config")
    arguments, others = parser.parse_known_args()
    folder, options = place_of(arguments.config)
    folder.mkdir(parents=True, exist_ok=True)
    take_turn(folder)
    if any((folder / ".snakemake" / "locks").glob("*")) and not is_at_work(folder):
        subprocess.run([*SNAKEMAKE, *options, "--unlock"], check=True)
    # in this process, which holds the lock
    os.execv(SNAKEMAKE[0], [*SNAKEMAKE, *options, "--logger=dlnflow", "--cores=all", *others])


def place_of(config: Path) -> tuple[Path, list[str]]:
    """The folder in which a config is run, and Snakemake's options for that."""
    if not config.is_file():
        sys.exit(f"the config {config} is no file, expected a complete config such as those in workflow/presets")
    if config.resolve() == DEFAULT.resolve():
        return Path(), []
    folder = Path("out", config.stem)
    return folder, [f"--configfile={config.resolve()}", "--replace-workflow-config", f"--directory={folder}"]


def take_turn(folder: Path) -> None:
    """Hold the folder's lock until this process, or what it becomes, ends; say for whom it waits."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"waiting for {_holder(lock)}, which runs in {folder.absolute()}", file=sys.stderr, flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    os.set_inheritable(lock, True)  # by what this process becomes; Snakemake's jobs do not inherit it


def _holder(lock: int) -> str:
    try:
        process = psutil.Process(int(os.pread(lock, 100, 0)))
        return f"process {process.pid}, begun at {time.strftime('%H:%M:%S', time.localtime(process.create_time()))}"
    except (ValueError, psutil.Error):
        return "another run"


def is_at_work(folder: Path) -> bool:
    """Whether a Snakemake, other than this process, works in the folder."""
    return any(
        process.pid != os.getpid() and process.info["cwd"] == str(folder.resolve()) and _is_snakemake(process)
        for process in psutil.process_iter(["cwd", "cmdline"])
    )


def _is_snakemake(process: psutil.Process) -> bool:
    """Started as `snakemake` or as `python -m snakemake`."""
    call = process.info["cmdline"] or []
    return any(Path(word).name == "snakemake" for word in call[1:3])


if __name__ == "__main__":
    main()
