"""The commands of `flask`. They call verbs and hold no logic of their own."""

from .deploy import deploy
from .doctor import doctor
from .fake import fake
from .testing import profile, test
from .users import users
from .worker import worker

COMMANDS = (deploy, doctor, fake, profile, test, users, worker)
