"""Where later subjects stand on the pages of projects.

A panel is called with ``actor`` and ``project``. STORY: blocks of the main column, in the order
news 10, needs 20, intentions 30, visits 40, accounts 50, evaluation 60. ACTS: what the reader can
do here. SHORT: a line below the name of one project. END: at the very end. ENDING: what ends or is
called off with the project, said before it is completed, stopped or taken back.
"""

STORY = "projects.story"
ACTS = "projects.acts"
SHORT = "projects.short"
END = "projects.end"
ENDING = "projects.ending"
