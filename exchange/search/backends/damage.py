"""One name for whatever a damaged file makes a library raise."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from exchange.kernel.errors import ExchangeError
from exchange.search.port import IndexUnavailable

_UNWRITABLE = {errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT}
_NUMBER = re.compile(r"os error (\d+)")  # as Rust says it
_PANIC = "PanicException"  # what a library in Rust raises; it is no Exception and has no home


@contextmanager
def damage_is_named() -> Iterator[None]:
    """Whatever a damaged file makes the library raise becomes IndexUnavailable."""
    try:
        yield
    except ExchangeError:
        raise
    except OSError as error:
        reason = "not_writable" if error.errno in _UNWRITABLE else "damaged"
        raise IndexUnavailable(reason=reason, detail=type(error).__name__) from error
    except Exception as error:  # a damaged file raises anything at all
        number = _NUMBER.search(str(error))
        unwritable = number is not None and int(number[1]) in _UNWRITABLE
        reason = "not_writable" if unwritable else "damaged"
        raise IndexUnavailable(reason=reason, detail=type(error).__name__) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise IndexUnavailable(reason="damaged", detail=_PANIC) from error
