"""The commands of `flask`. They call verbs and hold no logic of their own."""

from importlib import import_module

from flask.cli import AppGroup

# Where each command is.
_MODULES = {
    "backup": "backup",
    "db": "migrations",
    "db-move": "backup",
    "deploy": "deploy",
    "doctor": "doctor",
    "fake": "fake",
    "jobs": "jobs",
    "profile": "testing",
    "restore": "backup",
    "test": "testing",
    "users": "users",
    "worker": "worker",
}


class Commands(AppGroup):
    """Loads a command when it is asked for: the web server needs none of them, nor their libraries.

    https://click.palletsprojects.com/en/stable/complex/#lazily-loading-subcommands
    """

    def list_commands(self, ctx) -> list[str]:
        return sorted({*super().list_commands(ctx), *_MODULES})

    def get_command(self, ctx, cmd_name: str):
        if cmd_name not in _MODULES:
            return super().get_command(ctx, cmd_name)
        module = import_module(f".{_MODULES[cmd_name]}", __package__)
        return getattr(module, cmd_name.replace("-", "_"))
