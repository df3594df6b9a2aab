"""What a worker of the web server counted, when it is gone. Called by gunicorn.conf.py.

prometheus_client keeps a file for each process, for ever: after a thousand workers, each scrape
would read a thousand files. The sums of those that are gone are kept in one.
"""

import os
import shutil
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import mark_process_dead

KINDS = ("counter", "histogram")
NOBODY = 0  # the number in the name of the file that holds the sums


def take_over(folder: str, pid: int) -> None:
    """Add the figures of the process `pid` to those of the ones before it."""
    mark_process_dead(pid, folder)
    for kind in KINDS:
        gone, kept = (Path(folder) / f"{kind}_{number}.db" for number in (pid, NOBODY))
        if gone.exists():
            _add(gone, kept)


def _add(gone: Path, kept: Path) -> None:
    # Into a copy: whoever reads meanwhile finds the old sums or the new ones.
    draft = kept.with_suffix(".draft")
    if kept.exists():
        shutil.copyfile(kept, draft)
    sums = MmapedDict(str(draft))
    for key, value, timestamp, _position in MmapedDict.read_all_values_from_file(str(gone)):
        sums.write_value(key, sums.read_value(key)[0] + value, timestamp)
    sums.close()
    os.replace(draft, kept)
    gone.unlink()
