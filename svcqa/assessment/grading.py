"""A composite becomes a grade: by threshold, capped by a veto. No quota: nobody is graded down for being last."""

from collections.abc import Collection

from svcqa.rulebook.scheme import Grading, Veto


def grade_of(composite_hundredths: int, grading: Grading) -> str:
    """Return the best grade whose threshold the rounded composite reaches."""
    for grade in grading.grades:
        if composite_hundredths >= grade.at_least * 100:
            return grade.id
    return grading.grades[-1].id


def veto_of(classes: Collection[str], vetoes: Collection[Veto], grading: Grading) -> Veto | None:
    """Return the veto that caps the grade lowest among those the complaint classes call for."""
    order = [grade.id for grade in grading.grades]
    called = [veto for veto in vetoes if veto.complaint_class in classes]
    return max(called, key=lambda veto: order.index(veto.grade), default=None)


def capped(grade: str, veto: Veto | None, grading: Grading) -> str:
    """Return the grade, or the veto's where that is worse."""
    order = [each.id for each in grading.grades]
    return grade if veto is None else max(grade, veto.grade, key=order.index)
