"""`portal doctor`, and what stands below it."""

from portal.doctor.command import doctor
from portal.seizure.command import seizure

doctor.add_command(seizure)
