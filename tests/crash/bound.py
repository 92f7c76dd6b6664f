"""Run a command in this process's place, bound by the modes of files even where it runs as root.

As root, what lets it write anywhere is given up for good; anybody else is bound already.
"""

import ctypes
import os
import sys

DROP_FROM_BOUNDING_SET = 24  # PR_CAPBSET_DROP
WRITES_ANYWHERE = 1  # CAP_DAC_OVERRIDE; what reads anywhere stays, a database's socket may need it


def bind() -> None:
    """Give up what root may do beyond the modes of files; it ends with the next exec."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(DROP_FROM_BOUNDING_SET, WRITES_ANYWHERE, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "root cannot be bound by the modes of files here")


if __name__ == "__main__":
    if os.geteuid() == 0:
        bind()
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606 - our own command
