"""To which point the work of a division belongs."""

import pytest

from exchange.accounts.kinds import PointLevel
from exchange.accounts.points.rules import PointPlace, Routes, Term

CENTRE = PointPlace(1, PointLevel.CENTRE, None, ("5204",))
COUNTY = PointPlace(2, PointLevel.STATION, 1, ("520422",))
TOWN = PointPlace(3, PointLevel.STATION, 1, ("520422102",))
ROOM = PointPlace(4, PointLevel.ROOM, 2, ("520422102243",))
ORPHAN = PointPlace(5, PointLevel.ROOM, None, ("520422103201",))
ALONE = PointPlace(6, PointLevel.ROOM, None, ("520502101201",))
ROUTES = Routes([ROOM, TOWN, COUNTY, CENTRE, ORPHAN, ALONE])


@pytest.mark.parametrize(
    ("place", "point"),
    [
        ("520402", 1),  # no station: the centre's
        ("520422", 2),
        ("520422101", 2),
        ("520422102", 3),  # the station that serves it most closely
        ("520422102200", 3),
        ("520422102243", 2),  # a room's village: what the room hangs under
        ("520422103201", 2),  # a room that hangs under nothing: the nearest station
        ("520502101201", 6),  # nobody else is there
        ("5205", None),
        (None, None),
    ],
)
def test_work_belongs_to_the_nearest_station(place: str | None, point: int | None) -> None:
    assert ROUTES.of(place) == point


def test_of_two_that_serve_one_place_the_station_goes_first_then_the_older() -> None:
    both = Routes(
        [
            PointPlace(1, PointLevel.CENTRE, None, ("520422",)),
            PointPlace(3, PointLevel.STATION, 1, ("520422",)),
            PointPlace(2, PointLevel.STATION, 1, ("520422",)),
        ]
    )
    assert both.of("520422102") == 2


def test_the_terms_of_a_point_say_the_same_as_the_question_by_place() -> None:
    assert ROUTES.terms_of(1) == (Term("5204", ("520422",)),)
    assert ROUTES.terms_of(3) == (Term("520422102", ("520422102243",)),)
    places = ["5204", "520402", "520422", "520422101", "520422102", "520422102200",
              "520422102243", "520422103201", "520502101201", "5205"]  # fmt: skip
    for point in range(1, 7):
        terms = ROUTES.terms_of(point)
        for place in places:
            inside = any(
                place.startswith(t.prefix) and not any(place.startswith(w) for w in t.without)
                for t in terms
            )
            assert inside == (ROUTES.of(place) == point), (point, place)


def test_points_that_hang_in_a_circle_do_not_hang_the_question() -> None:
    circle = Routes(
        [
            PointPlace(1, PointLevel.ROOM, 2, ("520422102243",)),
            PointPlace(2, PointLevel.ROOM, 1, ("520422102244",)),
        ]
    )
    assert circle.of("520422102243") == 1
