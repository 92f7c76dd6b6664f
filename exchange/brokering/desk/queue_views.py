"""Where the pages of a worker's day and of everybody's matches hang: ``desk_views`` and
``board_views`` add them.
"""

from flask import Blueprint

bp = Blueprint("queue", __name__)
