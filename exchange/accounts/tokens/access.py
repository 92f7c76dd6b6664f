"""From a bearer token to the actor, for the API."""

from dataclasses import replace

from exchange.accounts.actor_queries import load_actor
from exchange.accounts.tokens.queries import good_token
from exchange.accounts.tokens.service import PREFIX, hash_of, is_use_due, note_use
from exchange.kernel.actor import Actor
from exchange.web.acting import acting, house, read_session

LONGEST = 100


def bearer_actor(secret: str) -> Actor | None:
    """The person for the token's organisation, with the token's scopes; None for no good token.

    It is no good any more once the person has left that organisation.
    """
    if not secret.startswith(PREFIX) or len(secret) > LONGEST:
        return None
    session, now = read_session(), house().clock.now()
    token = good_token(session, hash_of(secret), now)
    if token is None:
        return None
    loaded = load_actor(session, token.person_id, token.organisation_id)
    if loaded.organisation_id != token.organisation_id:
        return None
    actor = replace(loaded, scopes=token.scopes)
    if is_use_due(token, now):
        token_id = token.id
        with acting(actor) as act:
            note_use(act, token_id)
    return actor
