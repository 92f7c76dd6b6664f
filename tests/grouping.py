"""Which tests run one after the other in one process while the rest runs beside them: those that
start processes, which would slow each other down. Journeys in the browser are shared out: each
process has a site of its own, and a city has only so many pairs that are free.
"""

from xdist.scheduler import LoadScopeScheduling

GROUPS = {
    "tests/admin/test_production.py": "processes",
    "tests/benchmarks/test_measuring.py": "processes",
    "tests/concurrency/": "processes",
    "tests/crash/": "processes",
    "tests/jobs/test_worker.py": "processes",
    "tests/pipeline/": "processes",
    "tests/web/test_serving.py": "processes",
}


def group_of(node_id: str) -> str:
    """The group of a test, or the test itself, which then runs wherever there is room."""
    return next((name for path, name in GROUPS.items() if node_id.startswith(path)), node_id)


class GroupScheduling(LoadScopeScheduling):  # type: ignore[misc]  # untyped
    """Hands out groups whole, and all other tests one by one."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
