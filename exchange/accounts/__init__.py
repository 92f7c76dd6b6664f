"""People, organisations, service points, memberships, verification and sign-in."""
