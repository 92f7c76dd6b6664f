"""What was booked is neither changed nor deleted.

Constraints of the tables hold the rest: each entry names the one before it in the project and in
its account together with the balance that it left, so that no number is missing and no balance is
made up.
"""

from exchange.kernel.append_only import AppendOnly

BOOKED = AppendOnly(
    refusal="a ledger is only added to",
    function="ledger_refuse",
    unique={
        "ledger_account": (("id",), ("public_id",), ("project_id", "kind", "name", "unit")),
        "ledger_entry": (
            ("id",), ("public_id",), ("request_id",), ("project_id", "number"),
            ("account_id", "account_number"), ("corrects_id",),
        ),
    },
)  # fmt: skip
