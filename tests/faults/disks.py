"""Full disks: a folder on a small tmpfs that fills in mid-run, and is enlarged afterwards."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

from scene import MAKE, copied, size
from sessions import ran

mounted = []


def mount(folder):
    """A folder in memory."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g", "dlnflow-faults", folder], check=True)
    mounted.append(folder)
    return folder


def resize(folder, space):
    subprocess.run(["mount", "-o", f"remount,size={space}", folder], check=True)


def unmount(folder):
    subprocess.run(["umount", "--lazy", folder], check=True)
    mounted.remove(folder)


def unmount_all():
    while mounted:
        unmount(mounted[-1])


def why_not():
    """Why nothing can be mounted here, "" if it can."""
    if os.geteuid() != 0:
        return "only root may mount a tmpfs"
    with tempfile.TemporaryDirectory() as place:
        try:
            unmount(mount(Path(place, "tried")))
        except (OSError, subprocess.CalledProcessError) as error:
            return f"no tmpfs can be mounted: {error}"
    return ""


def drawn(random):
    """The share of the space that a run still needs which the disk has."""
    return random.uniform(0.02, 0.98)


def suffer(base, folder, share, needed):
    """A run on a disk that is too small, which then is large enough. Says what was on the disk when it was full."""
    copied(base, mount(folder))
    used = size(folder)
    resize(folder, int(used + share * (needed - used)))
    session = ran(MAKE, folder)
    free = "an unknown number of"
    with contextlib.suppress(OSError):
        free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    resize(folder, "1g")
    return f"status {session.status}, {free} bytes free of {int(share * (needed - used))}"
