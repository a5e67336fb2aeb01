"""Read models of auth: who is on the staff, and what was done by whom of the staff."""

from ansinh_kit.projections.projection import Projection

from auth.projections.administrative_acts import AdministrativeActs
from auth.projections.staff_directory import StaffDirectory


def all_projections() -> list[Projection]:
    return [StaffDirectory(), AdministrativeActs()]
