"""Peak memory of a program and all that it starts: the sum, over its processes, of each one's largest resident set."""
import os
import subprocess
import threading


def _children():
    parents = {}
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as stat:
                parents.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(name))
        except OSError:
            pass  # it has ended meanwhile
    return parents


def tree(root):
    """The process and all that it has started and that still runs."""
    children, found = _children(), [root]
    for process in found:
        found += children.get(process, [])
    return found


def _peak_kb(process):
    try:
        with open(f"/proc/{process}/status") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


class Watched(subprocess.Popen):
    """A process whose peak_mb() is known once it has ended. Looks 50 times a second: what lives shorter is not seen."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self._peaks = {}
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._ended = threading.Event()
        self._looking.start()

    def _look(self):
        while not self._ended.wait(0.02):
            for process in tree(self.pid):
                self._peaks[process] = max(self._peaks.get(process, 0), _peak_kb(process))

    def peak_mb(self):
        self._ended.set()
        self._looking.join()
        return sum(self._peaks.values()) / 1000
