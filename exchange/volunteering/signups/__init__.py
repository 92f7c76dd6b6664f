"""Sign-ups: who comes, who waits, who cannot, and who moves up."""
