"""Words for terms and beneficiary groups in the reader's language, for forms and pages."""

from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.taxonomy.terms import Beneficiary, Terms

TERMS_LABELS: dict[Terms, Any] = {
    Terms.FREE: _l("Free of charge"),
    Terms.SUBSIDISED: _l("At a reduced price"),
    Terms.PAID: _l("At market price"),
    Terms.COOPERATION: _l("Working together for a share"),
}
BENEFICIARY_LABELS: dict[Beneficiary, Any] = {
    Beneficiary.GENERAL: _l("All villagers"),
    Beneficiary.LOW_INCOME_HOUSEHOLDS: _l("Low-income households"),
    Beneficiary.LEFT_BEHIND_CHILDREN: _l("Children whose parents work away"),
    Beneficiary.ELDERLY: _l("Older people"),
    Beneficiary.WOMEN: _l("Women"),
    Beneficiary.DISABLED: _l("People with disabilities"),
    Beneficiary.ETHNIC_MINORITY: _l("Ethnic minorities"),
    Beneficiary.YOUTH: _l("Young people"),
    Beneficiary.RETURNEES: _l("People who came back to the village"),
}
