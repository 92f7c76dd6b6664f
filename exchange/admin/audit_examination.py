"""What the doctor says of the audit: the chain, entry by entry."""

from collections.abc import Sequence
from itertools import islice

from exchange.admin.doctor import COMMAND, Finding, attend, trouble, well
from exchange.audit.verifying import Problem, Trouble, Verified, verify
from exchange.jobs.registry import Run

MOST = 100  # problems; one is enough for an alarm


def audit_findings(run: Run) -> list[Finding]:
    """The whole chain is verified, which takes about a minute for a million entries."""
    told = Verified()
    return judge_audit(list(islice(verify(run, told=told), MOST)), told)


def judge_audit(problems: Sequence[Problem], told: Verified) -> list[Finding]:
    """Whether the audit is whole, and whether sealing keeps up."""
    late = [one for one in problems if one.trouble is Trouble.BACKLOG]
    broken = [one for one in problems if one.trouble is not Trouble.BACKLOG]
    findings = []
    if broken:
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        said = f"The audit is not what was written: {broken[0].sentence}{more}."
        advice = (
            "Keep a copy of the database and of the heads as they are, and look with "
            f"{COMMAND} audit verify"
        )
        findings.append(trouble("audit", said, advice))
    else:
        said = f"{told.entries:,} entries in {told.batches:,} batches are as they were written."
        findings.append(well("audit", said))
    if late:
        advice = "See whether the worker runs; it seals every five minutes."
        findings.append(attend("audit backlog", f"{late[0].sentence}.", advice))
    return findings
