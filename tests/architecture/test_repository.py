"""The repository as a whole: portable, and one way of running it like the other."""

import configparser
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from devenv import environment, server
from devenv import paths as places

NATIVE_CONFIG = "odoo.development.conf"
# Files whose text is somebody else's or that list names on purpose.
FOREIGN = {"LICENSE"}
PACKAGE_HOSTS = re.compile(
    r"https?://[\w.-]*(?:debian|ubuntu|pypi|pythonhosted|npmjs)[\w.-]*", re.IGNORECASE
)
PRIVATE_PATHS = re.compile(r"(?<![\w/.])/(?:home|root|opt|work|Users)/\w")


def committed_files(repository):
    """Return the text files under version control."""
    command = ["git", "-C", str(repository), "ls-files", "-z"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for name in names.split("\0"):
        file = repository / name
        if name and name not in FOREIGN and file.is_file():
            content = file.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8")


def test_no_package_host_is_written_down(repository):
    """Packages come from where the machine's own settings say."""
    found = [n for n, text in committed_files(repository) if PACKAGE_HOSTS.search(text)]
    assert not found


def test_no_private_path_is_written_down(repository):
    found = {
        name: PRIVATE_PATHS.findall(text)
        for name, text in committed_files(repository)
        if PRIVATE_PATHS.search(text)
        and name not in ("tests/architecture/test_repository.py",)
    }
    # the only fixed folders are where package managers put PostgreSQL
    allowed = {"scripts/devenv/postgres.py"}
    assert not set(found) - allowed, found


def test_text_files_end_with_a_newline_and_have_unix_ends(repository):
    for name, text in committed_files(repository):
        assert "\r\n" not in text, name
        assert not text or text.endswith("\n"), name


@pytest.fixture(scope="session")
def compose(repository):
    """The compose file as it is written."""
    return yaml.safe_load((repository / "docker-compose.yml").read_text())


def default(text):
    """Return a value of the compose file with the defaults put in.

    >>> default("${PORT:-8069}:8069")
    '8069:8069'
    """
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(text))


def test_compose_uses_the_images_of_this_odoo(compose, repository):
    dockerfile = (repository / "docker/Dockerfile").read_text()
    assert re.search(r"^FROM odoo:19\.0$", dockerfile, re.MULTILINE)
    image, version = compose["services"]["db"]["image"].split(":")
    assert (image, int(version) >= 13) == ("postgres", True)


def test_compose_uses_the_same_configuration_file(compose, repository):
    odoo = compose["services"]["odoo"]
    assert environment.DEVELOPMENT_CONFIG.name == NATIVE_CONFIG
    assert default(odoo["environment"]["ODOO_RC"]).endswith(f"/{NATIVE_CONFIG}")
    folder = default(odoo["environment"]["ODOO_RC"]).rsplit("/", 1)[0]
    assert f"./config:{folder}:ro" in odoo["volumes"]


def test_compose_uses_the_same_folder_of_modules(compose, repository):
    odoo = compose["services"]["odoo"]
    target = odoo["environment"]["ODOO_ADDONS_PATH"]
    assert f"./addons:{target}:ro" in odoo["volumes"]
    assert places.ADDONS == repository / "addons"


def test_compose_uses_the_same_port_database_and_languages(compose, repository):
    odoo = compose["services"]["odoo"]
    assert default(odoo["ports"][0]) == "127.0.0.1:8069:8069"
    assert server.DEFAULT_PORT == 8069
    assert default(odoo["environment"]["SUITE_DATABASE"]) == server.DEFAULT_DATABASE
    assert odoo["environment"]["SUITE_LANGUAGES"] == environment.LANGUAGES


def test_compose_knows_how_to_reach_its_database(compose):
    db, odoo = compose["services"]["db"], compose["services"]["odoo"]
    assert odoo["environment"]["PGHOST"] == "db"
    assert odoo["environment"]["PGUSER"] == db["environment"]["POSTGRES_USER"]
    assert odoo["environment"]["PGPASSWORD"] == db["environment"]["POSTGRES_PASSWORD"]
    assert odoo["depends_on"]["db"]["condition"] == "service_healthy"


def test_compose_starts_odoo_with_the_options_of_the_native_way(repository):
    container = (repository / "docker/start.sh").read_text()
    native = (repository / "scripts/devenv/server.py").read_text()
    for option in ("--with-demo", "--load-language=", "--db-filter=^", "--http-port="):
        assert option in container and option in native, option


def test_what_compose_mounts_and_builds_is_there(compose, repository):
    odoo = compose["services"]["odoo"]
    assert (repository / odoo["build"]["dockerfile"]).exists()
    for line in (repository / odoo["build"]["dockerfile"]).read_text().splitlines():
        if line.startswith("COPY"):
            for source in line.split()[1:-1]:
                assert (repository / source).exists(), source


def docker_reads_compose():
    """Tell whether docker is here with its plugin for compose files."""
    version = ["docker", "compose", "version"]
    try:
        return subprocess.run(version, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


# Where there is no docker there is no such test: one that asked nobody would be green.
# The tests above hold everywhere.
if docker_reads_compose():

    @pytest.mark.parametrize("profile", ["", "proxy"])
    def test_docker_accepts_the_compose_file(repository, profile):
        command = ["docker", "compose", "--profile", profile, "config", "--quiet"]
        subprocess.run(command, cwd=repository, check=True)


@pytest.mark.parametrize(
    "name", ["odoo.development.conf", "odoo.production.conf", "odoo.cluster.conf"]
)
def test_configuration_files_have_known_options_only(repository, name):
    """Odoo ignores a misspelt option without a word."""
    from odoo.tools import config

    parser = configparser.RawConfigParser()
    parser.read(repository / "config" / name)
    assert parser.sections() == ["options"]
    file_only = {"db_maxconn_gevent"}
    assert not set(parser["options"]) - set(config.options_index) - file_only


@pytest.mark.parametrize("name", ["odoo.production.conf", "odoo.cluster.conf"])
def test_production_files_close_what_must_be_closed(repository, name):
    parser = configparser.RawConfigParser()
    parser.read(repository / "config" / name)
    options = parser["options"]
    assert not options.getboolean("list_db")
    assert options.getboolean("proxy_mode")
    assert options.getint("workers") > 1
    assert options["dbfilter"].startswith("^") and options["dbfilter"].endswith("$")
    assert options["admin_passwd"] == "CHANGE-ME"


ACTION_PATH = re.compile(r"<field name=[\"']path[\"']>([^<]+)<")


def action_paths(folder):
    """Return the words in addresses that the actions of modules in a folder take."""
    files = folder.glob("*/**/*.xml")
    texts = (file.read_text(encoding="utf-8") for file in files)
    return {path for text in texts for path in ACTION_PATH.findall(text)}


def test_our_addresses_are_none_of_odoos(repository):
    """Odoo allows each once in a database: an application that has it could not be
    installed beside us (Invoicing has "customers")."""
    from odoo import addons

    ours = action_paths(repository / "addons")
    folders = {Path(folder) for folder in addons.__path__} - {repository / "addons"}
    odoos = set().union(*map(action_paths, folders))
    assert ours and "customers" in odoos
    assert not ours & odoos


def test_no_screen_shows_numbers_that_are_not_there(repository):
    """Odoo fills an empty view with invented records where ``sample`` is set; people
    take them for theirs."""
    files = (repository / "addons").glob("*/**/*.xml")
    wrong = [f.name for f in files if ' sample="' in f.read_text(encoding="utf-8")]
    assert not wrong


def test_the_proxy_sends_live_updates_to_their_own_port(repository):
    text = (repository / "config/nginx.conf.example").read_text()
    parser = configparser.RawConfigParser()
    parser.read(repository / "config/odoo.production.conf")
    assert f"server 127.0.0.1:{parser['options']['http_port']};" in text
    assert f"server 127.0.0.1:{parser['options']['gevent_port']};" in text
    live = re.search(r"location /websocket \{.*?\}", text, re.DOTALL)[0]
    assert "proxy_pass http://odoo-live;" in live and "Upgrade" in live
