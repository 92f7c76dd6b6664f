"""How well two categories answer each other, and which kinds of help need no road.

The table of cross-category answers names, for a need, the categories that social workers would
look at besides its own. It is written from the taxonomy's own words, not from judged pairs.
"""

SAME, RELATED, SAME_TOP, APART = 1.0, 0.6, 0.5, 0.0

# Need → offers that answer it from elsewhere in the taxonomy.
CROSS_ANSWERS: dict[str, tuple[str, ...]] = {
    "market.purchase": ("training.ecommerce", "logistics.coldchain", "funds.procurement"),
    "market.ecommerce": ("training.ecommerce", "technology.digital", "logistics.lastmile"),
    "market.tourism": ("training.tourism",),
    "market.brand": ("volunteers.professional", "technology.testing"),
    "materials.inputs": ("technology.crop", "technology.livestock"),
    "materials.building": ("technology.engineering",),
    "equipment.machinery": ("technology.protection",),
    "equipment.processing": ("technology.processing",),
    "equipment.storage": ("logistics.coldchain",),
    "logistics.coldchain": ("equipment.storage", "equipment.vehicle"),
    "logistics.freight": ("equipment.vehicle",),
    "technology.crop": ("talent.expert", "training.farming", "cooperation.research"),
    "technology.livestock": ("talent.expert", "training.farming", "cooperation.research"),
    "technology.protection": ("talent.expert", "equipment.machinery", "training.farming"),
    "technology.processing": ("talent.expert", "equipment.processing", "cooperation.research"),
    "technology.digital": ("volunteers.professional", "talent.intern"),
    "technology.engineering": ("volunteers.professional", "talent.expert"),
    "talent.expert": ("technology.crop", "technology.livestock", "technology.protection"),
    "talent.teacher": ("volunteers.longterm", "services.education", "talent.intern"),
    "talent.medical": ("services.health", "volunteers.professional"),
    "talent.socialworker": ("services.children", "services.elderly", "talent.intern"),
    "talent.intern": ("volunteers.longterm", "services.education"),
    "talent.manager": ("volunteers.professional", "training.governance"),
    "talent.jobs": ("training.vocational",),
    "training.farming": ("technology.crop", "technology.livestock", "talent.expert"),
    "training.ecommerce": ("volunteers.professional", "market.ecommerce"),
    "training.governance": ("talent.manager", "volunteers.professional"),
    "services.health": ("talent.medical", "volunteers.professional"),
    "services.education": ("volunteers.longterm", "talent.teacher", "talent.intern"),
    "services.elderly": ("volunteers.longterm", "volunteers.event", "talent.socialworker"),
    "services.children": ("volunteers.longterm", "talent.socialworker", "services.education"),
    "services.mental": ("volunteers.professional", "talent.socialworker"),
    "services.disability": ("materials.medical", "services.health"),
    "services.legal": ("volunteers.professional",),
    "services.culture": ("volunteers.event",),
    "cooperation.venture": ("funds.investment", "cooperation.land"),
    "cooperation.research": ("technology.crop", "technology.livestock", "talent.expert"),
    "policy.application": ("policy.advice", "volunteers.professional"),
    "volunteers.event": ("services.culture",),
    "volunteers.longterm": ("services.education", "services.elderly", "services.children"),
    "volunteers.professional": ("services.legal", "talent.expert"),
}

# Offers that reach people without a road: distance says nothing, declared coverage still holds.
REMOTE = (
    "funds", "market", "policy", "technology.digital", "training.ecommerce", "services.mental",
)  # fmt: skip


def top_of(code: str) -> str:
    """The first level: "market.brand" → "market"."""
    return code.partition(".")[0]


def fit_of(need: str, offer: str) -> tuple[float, str]:
    """How well an offer's category answers a need's, and the code of the reason."""
    if not need or not offer:
        return APART, "category_apart"
    if need == offer:
        return SAME, "category_same"
    if offer in CROSS_ANSWERS.get(need, ()):
        return RELATED, "category_answers"
    if top_of(need) == top_of(offer):
        return SAME_TOP, "category_near"
    return APART, "category_apart"


def is_remote(offer: str) -> bool:
    """Whether distance is no matter for this kind of help."""
    return offer in REMOTE or top_of(offer) in REMOTE
