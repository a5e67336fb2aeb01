"""Read models of auth: who is on the staff, what was done by whom of the staff, and each account's log-ins."""

from ansinh_kit.projections.projection import Projection

from auth.projections.administrative_acts import AdministrativeActs
from auth.projections.log_ins import LogIns
from auth.projections.staff_directory import StaffDirectory


def all_projections() -> list[Projection]:
    return [StaffDirectory(), AdministrativeActs(), LogIns()]
