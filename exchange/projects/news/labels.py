"""The words of news."""

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "news_not_yours": _l(
        "Only the people of this project and its social worker post and change its news."
    ),
    "news_project_not_published": _l("News can be posted once the project is published."),
    "news_empty": _l("Please write a few words, or add a picture."),
    "news_too_long": _l("At most %(most)s characters, please."),
    "news_too_many_pictures": _l("At most six pictures in one piece of news."),
    "news_too_many_figures": _l("At most %(most)s figures in one piece of news."),
    "news_contact_in_text": _l(
        "Please leave out phone numbers, WeChat and addresses: everybody reads this."
    ),
    "news_payment_in_text": _l("No account numbers or payment codes here, please."),
    "news_names_person": _l(
        "This seems to tell of one person's or one family's illness, poverty or children. That "
        "is never shown to everybody: please write about the project as a whole."
    ),
    "news_milestone_gone": _l("This step is not in the plan any more. Please choose again."),
    "figure_label": _l("Say in a few words what is counted: at most %(most)s characters."),
    "figure_number": _l("We could not read this number."),
    "figure_unit": _l("A unit such as kg, km or 株: at most %(most)s characters."),
    "news_not_silent": _l("There is news of this project again."),
    "news_asked_lately": _l("They were asked within the last day. Please wait for their answer."),
    "news_nobody_to_ask": _l("Nobody of this project has an account. Please call them."),
    "news_changed": _l(
        "Somebody changed it a moment ago. What you wrote is still here: look at theirs, then save "
        "again."
    ),
    "project_not_shared": _l("Only what everybody may see is passed on."),
    "news_link_over": _l("This news is not there any more."),
}
