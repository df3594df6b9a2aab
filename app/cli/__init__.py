"""The commands of `flask`. They call verbs and hold no logic of their own."""

from .backup import backup, db_move, restore
from .deploy import deploy
from .doctor import doctor
from .fake import fake
from .jobs import jobs
from .testing import profile, test
from .users import users
from .worker import worker

COMMANDS = (backup, db_move, deploy, doctor, fake, jobs, profile, restore, test, users, worker)
