"""E-mail of the players, and the links in what they are sent."""

import re

from exchange.accounts.rules import Address, AddressKind
from exchange.accounts.sealing import set_address
from exchange.kernel.act import House
from exchange.notifications.channels import SENDERS
from exchange.notifications.port import Message
from tests.cast import Cast, Player

LINK = re.compile(r"/([arn])/([A-Za-z0-9_-]{24})")


class Mailbox(list[Message]):
    """Takes every e-mail."""

    def send(self, message: Message) -> None:
        self.append(message)

    def links_to(self, who: Player) -> list[str]:
        """The signed links that were sent to somebody, the oldest first."""
        mine = [one.text for one in self if one.to == address_of(who)]
        return [match.group(0) for text in mine for match in LINK.finditer(text)]


def address_of(who: Player) -> str:
    return f"{who.phone}@village.example"


def open_mailbox(house: House, cast: Cast, *people: Player) -> Mailbox:
    """Give people an address that counts, and take what is sent."""
    box: Mailbox = Mailbox()
    house.resources.setdefault(SENDERS, {})["email"] = box
    for who in people:
        address = Address(AddressKind.EMAIL, address_of(who))
        set_address(cast.house.secrets, who.person, address, cast.now)
        cast.session.commit()
    return box
