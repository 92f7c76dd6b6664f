"""A process that writes and seals the audit until it is killed: ``audit_worker PERSON_ID``."""

import sys

from exchange import create_app
from exchange.accounts.events import PhoneConfirmed
from exchange.audit.jobs import seal_all
from exchange.jobs.runner import JobRun


def main(person_id: int) -> None:
    """Act five times, seal, and so on; say when it begins."""
    app = create_app()
    run: JobRun = app.extensions["exchange.jobs"]
    with app.app_context():
        sys.stdout.write("begins\n")
        sys.stdout.flush()
        while True:
            for _ in range(5):
                with run.act() as act:
                    act.emit(PhoneConfirmed(person_id=person_id))
            seal_all(run, 2)


if __name__ == "__main__":
    main(int(sys.argv[1]))
