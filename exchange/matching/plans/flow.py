"""A flow with the least cost, solved by OR-tools; and the same in a process of its own.

The solver does not let other threads run while it works, and it needs some 3 KB of memory for each
need at 20 candidates. ``solve_apart`` therefore runs this file as a program: nothing of the
solver's is ever loaded into the worker or a web process.
"""

import io
import subprocess
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIELDS = ("tails", "heads", "capacities", "costs")


class NotSolved(Exception):
    """The solver found no flow. A plan's network always has one: this is a fault of ours."""


def solve_here(network: Any) -> NDArray[np.int64]:
    """The flow on each arc of a ``plan_values.Network``. Raises NotSolved."""
    arrays = {name: getattr(network, name) for name in FIELDS}
    return _solve(arrays, network.nodes, network.supply)


def solve_apart(network: Any) -> NDArray[np.int64]:
    """``solve_here`` in a process that ends afterwards. Raises NotSolved."""
    sent = io.BytesIO()
    sizes = np.array([network.nodes, network.supply], np.int64)
    np.savez(sent, sizes=sizes, **{name: getattr(network, name) for name in FIELDS})
    done = subprocess.run(  # noqa: S603 - this very file; its folder is not searched for modules
        [sys.executable, "-P", __file__], input=sent.getvalue(), capture_output=True, check=False
    )
    if done.returncode != 0:
        raise NotSolved(done.stderr.decode(errors="replace")[-500:])
    return np.frombuffer(done.stdout, np.int64)


def _solve(arrays: dict[str, NDArray[np.int64]], nodes: int, supply: int) -> NDArray[np.int64]:
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - only where it is needed

    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(*(arrays[name] for name in FIELDS))
    ends = np.array([0, nodes - 1], np.int64)
    solver.set_nodes_supplies(ends, np.array([supply, -supply], np.int64))
    status = solver.solve()
    if status != solver.OPTIMAL:
        raise NotSolved(str(status))
    return np.asarray(solver.flows(arcs), np.int64)


def _main() -> None:
    with np.load(io.BytesIO(sys.stdin.buffer.read())) as sent:
        nodes, supply = (int(value) for value in sent["sizes"])
        flow = _solve({name: sent[name] for name in FIELDS}, nodes, supply)
    sys.stdout.buffer.write(flow.astype(np.int64).tobytes())


if __name__ == "__main__":
    _main()
