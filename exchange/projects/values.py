"""What the people of a project say of it, as one immutable value, before and after it is stored."""

from dataclasses import dataclass, replace
from datetime import date

from exchange.listings.kinds import Visibility
from exchange.listings.rules import widens
from exchange.listings.values import clean_text, one_line
from exchange.projects.models import Project, ProjectDivision


@dataclass(frozen=True)
class ProjectValues:
    """All that may be set in words, lists and dates; plan, budget and partners are rows."""

    title: str = ""
    aim: str = ""
    plan: str = ""
    category_code: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    beneficiaries: tuple[str, ...] = ()
    beneficiary_count: int | None = None
    from_date: date | None = None
    to_date: date | None = None
    places: tuple[str, ...] = ()

    def cleaned(self) -> "ProjectValues":
        """The same without characters that no text has; places and groups once each."""
        return replace(
            self,
            title=one_line(self.title),
            aim=clean_text(self.aim),
            plan=clean_text(self.plan),
            category_code=self.category_code or None,
            beneficiaries=tuple(dict.fromkeys(self.beneficiaries)),
            places=tuple(sorted(set(self.places))),
        )

    @property
    def words(self) -> str:
        """All that is said in free words."""
        return f"{self.title}\n{self.aim}\n{self.plan}"


def values_of(project: Project) -> ProjectValues:
    """What is said so far."""
    return ProjectValues(
        title=project.title,
        aim=project.aim,
        plan=project.plan,
        category_code=project.category_code,
        visibility=project.visibility,
        beneficiaries=tuple(project.beneficiaries),
        beneficiary_count=project.beneficiary_count,
        from_date=project.from_date,
        to_date=project.to_date,
        places=project.places,
    )


def put_values(project: Project, values: ProjectValues) -> None:
    """Write the values into the project."""
    project.title, project.aim, project.plan = values.title, values.aim, values.plan
    project.category_code, project.visibility = values.category_code, values.visibility
    project.beneficiaries = list(values.beneficiaries)
    project.beneficiary_count = values.beneficiary_count
    project.from_date, project.to_date = values.from_date, values.to_date
    kept = {row.division_code: row for row in project.divisions}
    project.divisions = [
        kept.get(code) or ProjectDivision(division_code=code) for code in values.places
    ]


def needs_another_look(old: ProjectValues, new: ProjectValues) -> bool:
    """Whether a reviewer would look again: other words or places, or more people who see it."""
    if (old.title, old.aim, old.plan) != (new.title, new.aim, new.plan):
        return True
    return bool(set(new.places) - set(old.places)) or widens(old.visibility, new.visibility)
