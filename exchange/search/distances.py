"""Distances, and the values that orders by date and by distance sort by, greatest first."""

import numpy as np
from numpy.typing import NDArray

from exchange.search.port import Point, Sort

EARTH_RADIUS_KM = 6_371.0088
NO_DISTANCE = 1e9


def kilometres(facts: NDArray[np.void], origin: Point | None) -> NDArray[np.float64]:
    """Great-circle kilometres (haversine) from the origin; NaN where there is no place."""
    if origin is None:
        return np.full(len(facts), np.nan)
    latitude = np.radians(facts["latitude"].astype(np.float64))
    longitude = np.radians(facts["longitude"].astype(np.float64))
    here, there = np.radians(origin.latitude), np.radians(origin.longitude)
    half = (
        np.sin((latitude - here) / 2) ** 2
        + np.cos(latitude) * np.cos(here) * np.sin((longitude - there) / 2) ** 2
    )
    found: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    return found


def between(one: Point, other: Point) -> float:
    """Great-circle kilometres between two places."""
    row = np.array([(other.latitude, other.longitude)], [("latitude", "<f8"), ("longitude", "<f8")])
    return float(kilometres(row, one)[0])


def place_value(facts: NDArray[np.void], sort: Sort, origin: Point | None) -> NDArray[np.float64]:
    """What ``sort`` puts in order, greatest first: nearness in metres, else the publication."""
    if sort is Sort.NEAREST and origin is not None:
        away = np.round(np.nan_to_num(kilometres(facts, origin), nan=NO_DISTANCE), 3)
        return np.multiply(away, -1.0)
    newest: NDArray[np.float64] = facts["published"].astype(np.float64)
    return newest
