"""Computing all suggestions anew, beside the service."""
