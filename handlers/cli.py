"""The command line: `kes COMMAND`; each command is imported when it is called, so that `kes --help` is quick."""

import importlib
import sys
from typing import Final

import click
from typing_extensions import override

#: Command -> module and function.
COMMANDS: Final = {
    "serve": "handlers.commands.serving:serve",
    "work": "handlers.commands.serving:work",
    "migrate": "handlers.commands.database:migrate",
    "demo": "handlers.commands.demonstration:demo",
    "check": "handlers.commands.definitions:check",
    "release": "handlers.commands.definitions:release",
    "export": "handlers.commands.definitions:export",
    "verify": "handlers.commands.verifying:verify",
    "user": "handlers.commands.accounts:user",
    "token": "handlers.commands.accounts:token",
    "calendar": "handlers.commands.calendar:calendar",
    "backup": "handlers.commands.database:backup",
    "restore": "handlers.commands.database:restore",
}


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Служба краевого экспертного совета: сертификация программ как исполняемый чертёж."""


if __name__ == "__main__":
    sys.exit(main())
