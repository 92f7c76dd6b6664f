"""Fit the weights of matching on a graded set, and report how well they do on needs not seen.

    PYTHONPATH=. python scripts/fit_matching.py DIR [DIR …] [--kept-back DIR] [--write | --draw]
    PYTHONPATH=. python scripts/fit_matching.py --frequencies DOCS.jsonl [DOCS.jsonl …] --write

The first form computes the features of every pair that passes the gates with the code that serves
people, fits a logistic regression (likelihood that a pair is graded 1 or 2; ungraded pairs count
as wrong), and from the scores that held-out pairs get by it a second one on how each pair stands
among the others of its need and of its offer. It prints figures from ten-fold cross-validation by
need, three times over, for each set and for all together, and what a fit on all of them does on a
set that is kept back. With --write it replaces weights.json and comparison.json in
exchange/matching/data and docs/images/matching-calibration.svg, which shows how often pairs of a
held-out score were right; with --draw that picture alone. The day is that of EXCHANGE_NOW.

The second form counts in how many general texts each term stands; it is not fitted to any grades.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from exchange.jobs.cli import job_run
from exchange.kernel.clock import civil_date
from exchange.kernel.database import db
from exchange.kernel.settings import load_settings
from exchange.matching.calibration import Bin, bins_of, expected_error, reliability_plot
from exchange.matching.cli import throwaway_site
from exchange.matching.comparison import COMPARISON_FILE, MICRO, Rule, comparison_of
from exchange.matching.evaluation.evaluating import (
    GradedSet,
    fill_site,
    listing_ids,
    read_graded_set,
    read_rows,
)
from exchange.matching.evaluation.measures import ranking_measures, shown_measures, zero_above_two
from exchange.matching.facts import centroids_of, is_open_on, load_facts
from exchange.matching.features import features
from exchange.matching.floors import LEAST, MOST
from exchange.matching.readings import encode, portrait
from exchange.matching.rules import may_match
from exchange.matching.scoring import WEIGHTS_FILE, Weight
from exchange.matching.words import FREQUENCIES
from exchange.search.analysis import Analyzer

Array = NDArray[np.float64]
PICTURE = Path(__file__).parent.parent / "docs" / "images" / "matching-calibration.svg"
L2 = 1.0  # on weights of features scaled to a standard deviation of 1
FOLDS, SEEDS = 10, 3
# Below this a pair's own score counts alone (chosen where needs that nothing answers stay silent).
LEAST_OWN = 0.15
FREE = np.zeros(3)  # the floors of the second fit
DISPLAYED = 0.35  # the threshold whose figures are kept with the weights
RARE = 4  # terms in fewer texts than this count as unknown
# What a graded set cannot say, because nobody has been introduced in it and all is new: set by
# hand, until decisions are learned from. What is fresh, or kept as usual, counts nothing.
BY_HAND = {
    "reliability": Weight(2.0, 0.8), "answer_rate": Weight(1.0, 0.8), "freshness": Weight(1.0, 1.0),
}  # fmt: skip


@dataclass(frozen=True)
class Fit:
    """Means and weights by column, and the logit of an average pair."""

    means: Array
    weights: Array
    base: float

    def scores(self, values: Array) -> Array:
        """Likelihoods of rows of features; NaN counts as the mean."""
        centred = np.where(np.isnan(values), 0.0, values - self.means)
        scores: Array = 1 / (1 + np.exp(-(centred @ self.weights + self.base)))
        return scores


def fit(values: Array, right: Array, least: Array) -> Fit:
    """Newton's method on the L2-regularised likelihood, weights kept between ``least`` and MOST."""
    means = np.nanmean(values, axis=0)
    centred = np.where(np.isnan(values), 0.0, values - means)
    spread = centred.std(axis=0) + 1e-9
    rows = np.c_[centred / spread, np.ones(len(centred))]
    bounds = np.r_[least * spread, -np.inf]
    ceiling = np.r_[np.full(len(spread), MOST) * spread, np.inf]
    penalty = np.diag([L2] * len(spread) + [0.0])
    now = np.r_[np.maximum(bounds[:-1], 0.1), -4.0]
    for _ in range(100):
        chance = 1 / (1 + np.exp(-rows @ now))
        slope = rows.T @ (chance - right) + penalty @ now
        free = ~((now <= bounds + 1e-12) & (slope > 0)) & ~((now >= ceiling - 1e-12) & (slope < 0))
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + penalty
        step = np.zeros_like(now)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        following = _descend(rows, right, penalty, (bounds, ceiling), now, step)
        if np.abs(following - now).max() < 1e-9:
            break
        now = following
    return Fit(means, now[:-1] / spread, float(now[-1]))


def _descend(
    rows: Array,
    right: Array,
    penalty: Array,
    bounds: tuple[Array, Array],
    now: Array,
    step: Array,
) -> Array:
    def loss(point: Array) -> float:
        logits = rows @ point
        return float((np.logaddexp(0, logits) - right * logits).sum() + point @ penalty @ point / 2)

    size, before = 1.0, loss(now)
    while size > 1e-6:
        following: Array = np.clip(now - size * step, *bounds)
        if loss(following) <= before:
            return following
        size /= 2
    return now


@dataclass(frozen=True)
class Table:
    """Every pair that passes the gates: ids, features, grades."""

    names: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    values: Array
    grades: Array


def feature_table(graded: GradedSet) -> Table:
    """Import the set into a throw-away site and compute the features there."""
    with throwaway_site(load_settings()) as app, app.app_context():
        db.metadata.create_all(db.engine)
        run = job_run(app)
        with run.act() as act:
            for error in fill_site(act, graded).errors:
                print("not taken over:", error.row_id, dict(error.fields))
        session = run.read()
        today = civil_date(run.house.clock.now(), run.house.settings.time_zone)
        names = {key: name for name, key in listing_ids(session).items()}
        facts = load_facts(session, centroids_of(run.house, session), is_open_on(today))
        vectors = encode(run.house, list(facts.values()))
        known = {key: portrait(run.house, one, vectors[key]) for key, one in facts.items()}
    found = [
        (names[need.facts.id], names[offer.facts.id], features(need, offer, today))
        for need in known.values()
        for offer in known.values()
        if may_match(need.facts, offer.facts, today)
    ]
    fitted = [f.name for f in found[0][2] if f.name not in BY_HAND]
    values = [
        [np.nan if f.value is None else f.value for f in row if f.name in fitted]
        for _, _, row in found
    ]
    grades = [graded.grades.get(need, {}).get(offer, 0) for need, offer, _ in found]
    return Table(
        tuple(fitted),
        tuple((need, offer) for need, offer, _ in found),
        np.array(values),
        np.array(grades, np.float64),
    )


def cross_validated(
    table: Table, twins: dict[str, str], values: Array, least: Array
) -> Array:
    """Mean score of each pair from fits that saw neither its need nor a duplicate of that need.

    ``values`` are rows of features, ``least`` the floors of their weights.
    """
    right = (table.grades > 0).astype(float)
    groups = [twins.get(need, need) for need, _ in table.pairs]
    order = sorted(set(groups))
    total = np.zeros(len(groups))
    for seed in range(SEEDS):
        mixed = np.random.default_rng(seed).permutation(len(order))
        fold_of = {order[at]: place % FOLDS for place, at in enumerate(mixed)}
        folds = np.array([fold_of[group] for group in groups])
        for fold in range(FOLDS):
            away = folds == fold
            total[away] += fit(values[~away], right[~away], least).scores(values[away])
    return total / SEEDS


def compared(table: Table, scores: Array) -> Array:
    """Of each pair the logit of its own score and how far it is behind; shape (pairs, 3)."""
    micros = np.rint(scores * MICRO).astype(np.int64)
    bests = []
    for side in (0, 1):
        _, places = np.unique([pair[side] for pair in table.pairs], return_inverse=True)
        best = np.zeros(places.max() + 1, np.int64)
        np.maximum.at(best, places, micros)
        bests.append(best[places])
    found = (comparison_of(*three) for three in zip(micros.tolist(), *bests, strict=True))
    return np.array([[one.own, one.behind_need, one.behind_offer] for one in found])


def capped(scores: Array, own: Array) -> Array:
    """What is too little by itself does not score more than that."""
    return np.where(own < LEAST_OWN, np.minimum(scores, own), scores)


def parted(scores: Array, tables: Sequence[Table]) -> list[Array]:
    """The scores of each table."""
    return np.split(scores, np.cumsum([len(one.pairs) for one in tables])[:-1])


def least_of(table: Table) -> Array:
    """The floor of each feature's weight."""
    return np.array([LEAST[name] for name in table.names])


def report(table: Table, scores: Array, graded: GradedSet) -> dict[str, float]:
    """Print figures of the ranking, and of what would be shown at several thresholds."""
    found: dict[str, list[tuple[float, str]]] = {row["id"]: [] for row in graded.needs}
    for (need, offer), score in zip(table.pairs, scores, strict=True):
        found[need].append((-float(score), offer))
    rankings = {need: [offer for _, offer in sorted(pairs)][:20] for need, pairs in found.items()}
    figures = ranking_measures(rankings, graded.grades)
    figures["zero_above_two"] = zero_above_two(rankings, graded.grades)
    for name, value in figures.items():
        print(f"{name:16} {value:.3f}")
    for least in (0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6):
        shown = {
            need: [offer for less, offer in sorted(pairs)[:20] if -less >= least]
            for need, pairs in found.items()
        }
        some = shown_measures(shown, graded.grades)
        print(f"threshold {least:.2f}  " + "  ".join(f"{k} {v:.3f}" for k, v in some.items()))
        if least == DISPLAYED:
            figures |= some
    bins = calibration(table, scores)
    for one in bins:
        print(f"scores {one.label} {one.count:5d}  mean {one.mean:.3f}  right {one.right:.3f}")
    figures["calibration_error"] = expected_error(bins)
    print(f"expected calibration error {figures['calibration_error']:.4f}")
    return {name: round(value, 4) for name, value in figures.items()}


def calibration(table: Table, scores: Array) -> list[Bin]:
    """How often pairs of a score are right."""
    right = table.grades > 0
    pairs = zip(scores.tolist(), right.tolist(), strict=True)
    return bins_of((float(score), bool(one)) for score, one in pairs)


def draw(bins: list[Bin]) -> None:
    """Replace the picture of the documents."""
    PICTURE.write_text(
        reliability_plot(bins, "Scores held out in cross-validation, and how many were right"),
        encoding="utf-8",
    )
    print("written:", PICTURE.name)


def joined(tables: Sequence[Table]) -> Table:
    """The pairs of all tables, in order; ids are unlike from set to set."""
    return Table(
        tables[0].names,
        tuple(pair for table in tables for pair in table.pairs),
        np.concatenate([table.values for table in tables]),
        np.concatenate([table.grades for table in tables]),
    )


def all_of(sets: Sequence[GradedSet]) -> GradedSet:
    """The rows and grades of all sets as one."""
    grades: dict[str, Mapping[str, int]] = {}
    for graded in sets:
        grades |= graded.grades
    return GradedSet(
        tuple(row for graded in sets for row in graded.organisations),
        tuple(row for graded in sets for row in graded.needs),
        tuple(row for graded in sets for row in graded.offers),
        grades,
    )


def write_weights(
    table: Table, fitted: Fit, figures: dict[str, dict[str, float]], today: date
) -> None:
    """Replace the shipped file by the fit on everything."""
    found = zip(table.names, fitted.weights, fitted.means, strict=True)
    by_name = {name: Weight(float(weight), float(mean)) for name, weight, mean in found} | BY_HAND
    features = {
        name: {"weight": round(one.weight, 6), "mean": round(one.mean, 6)}
        for name, one in by_name.items()
    }
    source = "+".join(name for name in figures if name != "all" and ":" not in name)
    name = blake2b(json.dumps([fitted.base, features]).encode(), digest_size=3).hexdigest()
    kept = {
        "version": f"{source.count('+') + 1}-sets-{today.isoformat()}-{name}",
        "fitted_on": source,
        "pairs": len(table.pairs),
        "right_pairs": int((table.grades > 0).sum()),
        "cross_validated": figures,
        "base": round(fitted.base, 6),
        "features": features,
    }
    WEIGHTS_FILE.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    print("written:", WEIGHTS_FILE.name)


def write_rule(fitted: Fit) -> None:
    """Replace the shipped file by this fit of ``compared``."""
    base = fitted.base - float(fitted.weights @ fitted.means)
    own, need, offer = (round(float(one), 4) for one in fitted.weights)
    rule = Rule(round(base, 4), own, need, offer, LEAST_OWN)
    COMPARISON_FILE.write_text(json.dumps(asdict(rule), indent=2) + "\n", encoding="utf-8")
    print("written:", COMPARISON_FILE.name)


def write_frequencies(paths: list[Path]) -> None:
    """Count in how many texts each term stands, and replace the shipped table."""
    analyzer, counts, documents = Analyzer(), Counter[str](), 0
    for path in paths:
        for row in read_rows(path):
            counts.update(set(analyzer.index_terms(f"{row.get('title', '')}\n{row['text']}")))
            documents += 1
    kept = {term: count for term, count in sorted(counts.items()) if count >= RARE}
    text = json.dumps({"documents": documents, "counts": kept}, ensure_ascii=False)
    FREQUENCIES.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"written: {FREQUENCIES.name}, {len(kept)} terms of {documents} texts")


def read_twins(path: Path) -> dict[str, str]:
    """Needs that say the same as another stay in one fold with it."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    return dict(line.split("\t")[:2] for line in lines)


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--kept-back", type=Path)
    parser.add_argument("--frequencies", type=Path, nargs="+")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--draw", action="store_true")
    asked = parser.parse_args()
    if asked.frequencies:
        write_frequencies(asked.frequencies)
        return
    sets = [read_graded_set(folder) for folder in asked.folders]
    tables = [feature_table(graded) for graded in sets]
    table, twins = joined(tables), dict[str, str]()
    for folder in asked.folders:
        twins |= read_twins(folder / "duplicates.tsv")
    own = cross_validated(table, twins, table.values, least_of(table))
    among = np.concatenate([
        compared(one, part) for one, part in zip(tables, parted(own, tables), strict=True)
    ])
    scores = capped(cross_validated(table, twins, among, FREE), own)
    figures = {}
    every = zip(asked.folders, sets, tables, parted(scores, tables), strict=True)
    for folder, graded, one, part in every:
        print("==", folder.name)
        figures[folder.name] = report(one, part, graded)
    if len(sets) > 1:
        print("== all together")
        figures["all"] = report(table, scores, all_of(sets))
    right = (table.grades > 0).astype(float)
    first, second = fit(table.values, right, least_of(table)), fit(among, right, FREE)
    if asked.kept_back:
        print("==", asked.kept_back.name, "(kept back)")
        graded = read_graded_set(asked.kept_back)
        apart = feature_table(graded)
        unseen = first.scores(apart.values)
        found = capped(second.scores(compared(apart, unseen)), unseen)
        figures[f"kept back: {asked.kept_back.name}"] = report(apart, found, graded)
    if asked.write or asked.draw:
        draw(calibration(table, scores))
    if asked.write:
        moment = load_settings().frozen_now
        write_rule(second)
        write_weights(table, first, figures, moment.date() if moment else date.today())  # noqa: DTZ011 - a label


if __name__ == "__main__":
    main()
