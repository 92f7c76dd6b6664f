"""The verbs of the listings room, gathered from the files that hold them by subject."""

from exchange.listings.commitments import (
    commit_quantity,
    listing_for_commitment,
    release_quantity,
)
from exchange.listings.discarding import discard_draft
from exchange.listings.merging.joining import merge_needs, undo_merge
from exchange.listings.picturing import attach_pictures, remove_picture
from exchange.listings.publishing import (
    approve_listing,
    hold_listing,
    park_listing,
    post_again,
    resume_listing,
    return_listing,
    submit_listing,
    withdraw_listing,
)
from exchange.listings.renewal.expiry import announce_expiry, expire_due
from exchange.listings.writing import edit_listing, save_draft, upsert_listing

__all__ = [
    "announce_expiry",
    "approve_listing",
    "attach_pictures",
    "commit_quantity",
    "discard_draft",
    "edit_listing",
    "expire_due",
    "hold_listing",
    "listing_for_commitment",
    "merge_needs",
    "park_listing",
    "post_again",
    "release_quantity",
    "remove_picture",
    "resume_listing",
    "return_listing",
    "save_draft",
    "submit_listing",
    "undo_merge",
    "upsert_listing",
    "withdraw_listing",
]
