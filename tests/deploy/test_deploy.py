"""What deploy/ says is what the program is: ports, versions, settings, files; and nothing in it runs as root."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dmf_core import limits

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PORT = re.search(r"^PORT \?= (\d+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
UNIT = (DEPLOY / "dmf-lab.service").read_text()
DOCS = (ROOT / "docs" / "deploy.md").read_text()
SETTINGS = re.compile(r"\bDMF_[A-Z_]+")


COMPOSE = ["compose.yaml", "compose.cluster.yaml"]


def _compose(file: str = "compose.yaml") -> dict[str, Any]:
    text: dict[str, Any] = yaml.safe_load((DEPLOY / file).read_text())
    return text


def _settings_of_the_program() -> set[str]:
    files = [ROOT / "app.py", *(ROOT / "ui").rglob("*.py"), *(ROOT / "dmf_core").rglob("*.py")]
    return {name for file in files for name in re.findall(r'"(DMF_[A-Z_]+)"', file.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("Dockerfile", r"EXPOSE (\d+)"),
        ("Dockerfile", r'"--server\.port", "(\d+)"'),
        ("Dockerfile", r"127\.0\.0\.1:(\d+)/_stcore/health"),
        ("compose.yaml", r"DMF_DASHBOARD: dashboard:(\d+)"),
        ("compose.yaml", r'expose: \["(\d+)"\]'),
        ("Caddyfile", r"DMF_DASHBOARD:127\.0\.0\.1:(\d+)"),
        ("nginx.conf", r"server 127\.0\.0\.1:(\d+);"),
        ("dmf-lab.service", r"--server\.port (\d+)"),
    ],
)
def test_port_of_the_server_is_that_of_make_run(file: str, pattern: str) -> None:
    assert PORT is not None
    assert re.findall(pattern, (DEPLOY / file).read_text()) == [PORT[1]]


def test_dockerfile_takes_torch_from_the_requirements() -> None:
    pattern = re.search(r"grep --only-matching '([^']+)'", DOCKERFILE)
    assert pattern is not None
    pinned = re.findall(pattern[1], (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert len(pinned) == 1 and re.fullmatch(r"torch==\d+\.\d+\.\d+", pinned[0])
    assert "download.pytorch.org/whl/cpu" in DOCKERFILE and not re.search(r"torch==\d", DOCKERFILE)


def test_dockerfile_copies_what_is_there_and_what_is_not_ignored() -> None:
    copied = {path for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for path in line.split()}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed
    assert all((ROOT / path).exists() for path in copied)


def test_dockerfile_has_a_python_that_the_program_runs_with() -> None:
    required = re.search(r'requires-python = ">=(3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    assert required is not None and f"lib/python{required[1]}/" in DOCKERFILE  # that of Debian 12


def test_container_is_not_root_and_writes_to_its_volume_alone() -> None:
    user = re.findall(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE)
    assert user == [("10001", "10001")] and DOCKERFILE.rindex("USER ") < DOCKERFILE.index("\nCMD ")
    assert {f"DMF_STORE={folder}" for folder in re.findall(r"DMF_STORE=(\S+)", DOCKERFILE)} == {"DMF_STORE=/data/store"}
    assert "HEALTHCHECK" in DOCKERFILE
    services = _compose()["services"]
    dashboard = services["dashboard"]
    assert dashboard["read_only"] and dashboard["user"] == "10001:10001" and dashboard["cap_drop"] == ["ALL"]
    assert dashboard["volumes"] == ["data:/data"] and "ports" not in dashboard
    assert not any("privileged" in service for service in services.values())


@pytest.mark.parametrize("file", COMPOSE)
def test_compose_names_only_what_it_defines(file: str) -> None:
    compose = _compose(file)
    for service in compose["services"].values():
        assert set(service["networks"]) <= compose["networks"].keys()
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).is_file(), source
        assert set(service.get("depends_on", {})) <= compose["services"].keys()
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).resolve() == DEPLOY / "Dockerfile"
    assert compose["networks"]["inside"]["internal"]
    assert f"docker compose --file deploy/{file}" in DOCS


@pytest.mark.parametrize("file", COMPOSE)
def test_services_cannot_write_their_root_and_only_the_proxy_is_published(file: str) -> None:
    services = _compose(file)["services"]
    for name, service in services.items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"]
        assert service["image"].startswith("caddy:") or (service["user"] == "10001:10001" and "ports" not in service), name
        assert ("outside" in service["networks"]) == ("ports" in service), name
    assert sum("ports" in service for service in services.values()) == 1


def test_settings_in_deploy_are_settings_of_the_program() -> None:
    ours = _settings_of_the_program() | {"DMF_SITE", "DMF_DASHBOARD"}  # the last two are read by the Caddyfile
    for file in DEPLOY.iterdir():
        assert set(SETTINGS.findall(file.read_text())) <= ours, file.name


def test_table_has_every_setting_of_the_program() -> None:
    assert {row for row in re.findall(r"^\| (DMF_[A-Z_]+) \|", DOCS, re.MULTILINE)} == _settings_of_the_program()


def test_docs_name_every_file() -> None:
    assert [file.name for file in DEPLOY.iterdir() if f"deploy/{file.name}" not in DOCS] == []


@pytest.mark.parametrize("file", ["Caddyfile", "Caddyfile.cluster", "nginx.conf"])
def test_proxies_hide_the_metrics_and_let_uploads_through(file: str) -> None:
    text = (DEPLOY / file).read_text()
    size = re.search(r"(?:max_size|client_max_body_size) (\d+)[mM]", text)
    assert (
        size is not None
        and int(size[1]) * 1e6 >= limits.UPLOAD_BYTES * (1e6 / (1 << 20))
        and all(re.search(rf"(?:location =|path(?: \S+)*) {path}\b", text) for path in ("/metrics", "/_stcore/metrics"))
        and "404" in text
    )


def test_nginx_passes_sockets_hosts_and_callers_on() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for line in (
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $connection_upgrade;",
        "proxy_set_header Host $http_host;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "access_log off;",
    ):
        assert line in text


def test_stopping_is_given_more_time_than_the_server_needs() -> None:
    assert _compose()["services"]["dashboard"]["stop_grace_period"] == "10s" and "TimeoutStopSec=10" in UNIT
    assert "SuccessExitStatus=143" in UNIT  # SIGTERM, once everything is closed


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    unit = tmp_path / "dmf-lab.service"
    unit.write_text(UNIT.replace("/opt/dmf-lab/.venv/bin/python", sys.executable).replace("=/opt/dmf-lab", f"={ROOT}"))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "dmf-lab.service" in line]) == (0, [])
