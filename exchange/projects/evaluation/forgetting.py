"""What villagers wrote goes half a year after the round has closed; so do numbers of sheets."""

import sqlalchemy as sa

from exchange.kernel.act import Act
from exchange.projects.evaluation.kinds import RoundState
from exchange.projects.evaluation.models import EvaluationRound, SurveyPaper, VillagerWords
from exchange.projects.evaluation.rules import WORDS_KEPT

BATCH = 200


def forget_words(act: Act, limit: int = BATCH) -> int:
    """Delete sealed words that are kept no longer; what a worker released of them stays."""
    old = sa.select(EvaluationRound.id).where(
        EvaluationRound.state == RoundState.CLOSED,
        EvaluationRound.closed_at < act.now - WORDS_KEPT,
    )
    query = (
        sa.select(VillagerWords)
        .where(VillagerWords.round_id.in_(old), VillagerWords.text_sealed.is_not(None))
        .order_by(VillagerWords.public_id)
        .limit(limit)
        .with_for_update()
    )
    found = act.session.scalars(query).all()
    for row in found:
        if row.released_text is None:
            act.session.delete(row)
        else:
            row.text_sealed = None
    act.session.execute(sa.delete(SurveyPaper).where(SurveyPaper.round_id.in_(old)))
    return len(found)
