import importlib
import json
import re
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]

#: What the Compose Specification allows at each level, as far as our file goes: anything else is a slip of the pen.
TOP = {"name", "services", "networks", "volumes"}
SERVICE = {
    "build": (str, dict),
    "cap_drop": (list,),
    "command": (list,),
    "depends_on": (dict,),
    "environment": (dict,),
    "healthcheck": (dict,),
    "image": (str,),
    "init": (bool,),
    "networks": (list,),
    "ports": (list,),
    "read_only": (bool,),
    "restart": (str,),
    "security_opt": (list,),
    "stop_grace_period": (str,),
    "tmpfs": (list,),
    "volumes": (list,),
}
HEALTHCHECK = {"test", "interval", "timeout", "retries", "start_period", "disable"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
RESTARTS = {"no", "always", "unless-stopped", "on-failure"}
DURATION = re.compile(r"(\d+(ms|s|m|h))+")


def compose() -> dict[str, Any]:
    text = (ROOT / "docker-compose.yml").read_text()
    read: dict[str, Any] = yaml.safe_load(text)
    return {key: value for key, value in read.items() if not key.startswith("x-")}


def dockerfile() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def kes_commands() -> list[list[str]]:
    commands = [service["command"] for service in compose()["services"].values() if "command" in service]
    commands += [json.loads(rest) for word, rest in dockerfile() if word == "CMD"]
    return [command for command in commands if command[0] == "kes"]


def test_the_compose_file_has_the_shape_that_the_specification_gives() -> None:
    file = compose()
    assert set(file) <= TOP
    for name, service in file["services"].items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name)
        assert {"image", "build"} & set(service), name
        for key, value in service.items():
            assert isinstance(value, SERVICE[key]), f"{name}.{key}"
        assert service.get("restart", "no") in RESTARTS


def test_services_wait_only_for_services_that_can_say_so() -> None:
    services = compose()["services"]
    for name, service in services.items():
        for other, how in service.get("depends_on", {}).items():
            assert how["condition"] in CONDITIONS
            if how["condition"] == "service_healthy":
                assert "test" in services[other]["healthcheck"], f"{name} waits for {other}"


def test_health_checks_are_written_as_the_specification_wants() -> None:
    for name, service in compose()["services"].items():
        check = service["healthcheck"]
        assert set(check) <= HEALTHCHECK, name
        if check.get("disable"):
            continue
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert all(DURATION.fullmatch(check[key]) for key in ("interval", "timeout", "start_period") if key in check)


def test_every_network_and_volume_that_is_used_is_declared() -> None:
    file = compose()
    for service in file["services"].values():
        assert set(service.get("networks", ())) <= set(file["networks"])
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert source in file["volumes"] or (ROOT / source).is_file()


def test_secrets_come_from_the_environment_and_are_demanded() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("KES_SECRET_KEY", "POSTGRES_PASSWORD"):
        assert re.search(rf"\$\{{{name}:\?[^}}]+\}}", text)
        assert not re.search(rf"\$\{{{name}:?-", text)


def test_the_compose_file_runs_web_and_workers_after_the_migration() -> None:
    services = compose()["services"]
    assert set(services) == {"postgres", "migrate", "web", "worker", "proxy"}
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("command", kes_commands(), ids=" ".join)
def test_every_command_of_the_containers_exists(command: list[str]) -> None:
    main = importlib.import_module("handlers.cli").main
    assert isinstance(main, click.Group)
    context = click.Context(main)
    found = main.get_command(context, command[1])
    assert found is not None, f"kes {command[1]}"
    found.make_context(command[1], command[2:], parent=context, resilient_parsing=False)


def test_the_image_runs_as_nobody_in_particular_and_watches_its_health() -> None:
    instructions = dockerfile()
    last_user = [rest for word, rest in instructions if word == "USER"][-1]
    assert last_user == "kes"
    health = next(rest for word, rest in instructions if word == "HEALTHCHECK")
    assert "/healthz" in health


def test_what_the_image_copies_exists_and_reaches_the_build() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [
        source
        for word, rest in dockerfile()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source in allowed or source.split("/")[0] in allowed, f"{source} is kept out by .dockerignore"
