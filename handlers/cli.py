"""The command line: `kes COMMAND`; each command is imported when it is called, so that `kes --help` is quick."""

import importlib
import sys
from typing import Any, Final

import click
from typing_extensions import override

#: Command -> module and function, and what the list of commands says of it.
COMMANDS: Final = {
    "serve": ("handlers.commands.serving:serve", "веб-страницы и API; на SQLite ещё сроки и письма"),
    "work": ("handlers.commands.serving:work", "работник: сроки, письма, веб-хуки"),
    "migrate": ("handlers.commands.database:migrate", "привести схему базы данных к новейшей"),
    "demo": ("handlers.commands.demonstration:demo", "наполнить пустую базу вымышленным советом и делами"),
    "check": ("handlers.commands.checking:check", "проверить набор чертежей и его сценарии"),
    "release": ("handlers.commands.checking:release", "выпустить набор новой версией процедуры"),
    "export": ("handlers.commands.exporting:export", "записать новейшие версии процедур файлами"),
    "verify": ("handlers.commands.verifying:verify", "проверить цепочку истории и повторить дела"),
    "user": ("handlers.commands.accounts:user", "учётные записи людей"),
    "token": ("handlers.commands.accounts:token", "токен для другой системы"),
    "calendar": ("handlers.commands.calendar:calendar", "производственный календарь"),
    "backup": ("handlers.commands.database:backup", "сложить базу и файлы в архив"),
    "letters": ("handlers.commands.letters:letters", "письма, задержанные восстановлением"),
    "restore": ("handlers.commands.database:restore", "восстановить архив в пустую папку"),
}


#: How a command ends that a person broke off.
INTERRUPTED: Final = 130


class LazyGroup(click.Group):
    """A group whose commands live in modules of their own."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    @override
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):  # perhaps in the middle of an import: nothing more can be imported
            click.echo("Прервано.", err=True)
            sys.exit(INTERRUPTED)
        except Exception as error:  # noqa: BLE001 - each is told in its own words
            from handlers.commands.common import explain

            explain(error)

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Команды"):
            formatter.write_dl([(name, words) for name, (_place, words) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Служба краевого экспертного совета: сертификация программ как исполняемый чертёж."""


if __name__ == "__main__":
    sys.exit(main())
