"""The tables of the audit are only added to."""

from exchange.kernel.append_only import AppendOnly

AUDIT = AppendOnly(
    refusal="the audit is only added to",
    function="audit_refuse",
    unique={
        "audit_entry": (("id",), ("public_id",)),
        "audit_concern": (("entry_id", "number"),),
        "audit_batch": (("id",), ("hash",), ("previous_hash",)),
        "audit_seal": (("entry_id",), ("batch_id", "position")),
    },
)
