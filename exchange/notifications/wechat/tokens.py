"""The official account's token, kept for all processes."""

from dataclasses import dataclass
from datetime import timedelta

from exchange.jobs.registry import Run
from exchange.kernel.secret_box import UnreadableSecret
from exchange.notifications.wechat.models import WechatToken

MARGIN = timedelta(minutes=5)  # a token this close to its end is fetched anew


@dataclass(frozen=True)
class KeptTokens:
    """Keeps the token in the database, sealed; another process finds it there."""

    run: Run
    app_id: str

    def fresh(self) -> str | None:
        """The kept token, while it is good for some minutes yet."""
        session, house = self.run.read(), self.run.house
        kept = session.get(WechatToken, self.app_id)
        found = None
        if kept is not None and kept.expires_at > house.clock.now() + MARGIN:
            try:
                found = house.secrets.open(kept.token_sealed, self._place)
            except UnreadableSecret:  # the key has changed: another token is soon had
                found = None
        session.rollback()
        return found

    def keep(self, token: str, seconds: int) -> None:
        """Keep it for all."""
        with self.run.act() as act:
            act.session.merge(
                WechatToken(
                    app_id=self.app_id,
                    token_sealed=act.house.secrets.seal(token, self._place),
                    fetched_at=act.now,
                    expires_at=act.now + timedelta(seconds=seconds),
                )
            )

    @property
    def _place(self) -> str:
        return f"wechat_token.token.{self.app_id}"
