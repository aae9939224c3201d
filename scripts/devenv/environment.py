"""Everything together: one prepared environment that can run Odoo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from . import addons as addons_
from . import odoo_source, paths, postgres, python_env, system_packages
from .addons import Addon, Split
from .console import StepError, run
from .odoo_source import OdooSource

DEVELOPMENT_CONFIG = paths.CONFIG / "odoo.development.conf"
# What a plain CRM installation of Odoo has: the other side of every comparison.
CORE_MODULES = (
    "base_import",
    "contacts",
    "crm",
    "mail",
    "phone_validation",
    "portal",
    "rating",
    "resource",
    "rpc",
    "sales_team",
    "utm",
    "web",
)
LANGUAGES = "en_US,zh_CN"


class Environment(NamedTuple):
    """Odoo, Python and one database cluster, ready to use; ``ours`` is the folder of
    our modules, those of a release for instance."""

    source: OdooSource
    venv: Path
    cluster: postgres.Cluster
    ours: Path = paths.ADDONS

    @property
    def python(self) -> Path:
        """The interpreter that has Odoo's packages."""
        return self.venv / "bin" / "python"

    def variables(self, config: Path = DEVELOPMENT_CONFIG) -> dict[str, str]:
        """Return the environment variables Odoo runs with.

        Odoo 19 reads every option from the environment too, over the
        configuration file: so the committed file is used as it is, and only what
        belongs to this machine is added.
        """
        dropped = ("PG", "ODOO_", "OPENERP_", "PYTHONHOME", "VIRTUAL_ENV")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
        folders = [self.venv / "bin", self.cluster.bin]
        return {
            **kept,
            **self.cluster.env(),
            "PATH": os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]),
            "PYTHONPATH": str(self.source.python_path),
            "PYTHONPYCACHEPREFIX": str(paths.cache_root() / "pycache"),
            "PYTHONUNBUFFERED": "1",
            "ODOO_RC": str(config),
            "ODOO_ADDONS_PATH": ",".join(map(str, self.addons_paths())),
            "ODOO_DATA_DIR": str(paths.data_dir(self.cluster.kind)),
            "ODOO_SCREENSHOTS": str(paths.logs() / "screenshots"),
        }

    def addons_paths(self) -> list[Path]:
        """Return the folders of modules, Odoo's and ours if there are any."""
        ours = [self.ours] if any(self.ours.glob("*/__manifest__.py")) else []
        return [*self.source.addons_paths, *ours]

    def our_modules(self) -> Split:
        """Return the modules of this repository; see ``addons.split``."""
        return addons_.split(addons_.scan(self.ours), self.source.addons_paths)

    def chosen_modules(self, name: str | None) -> dict[str, Addon]:
        """Return what is installed together: one module with all it needs and
        attracts, or without a name all but those kept apart.

        :raise StepError: when there is no such module
        """
        ours = self.our_modules()
        if not name:
            return ours.together
        is_apart = name in ours.apart
        return addons_.closure(name, addons_.scan() if is_apart else ours.together)

    def odoo(self, *words: str) -> list[str | Path]:
        """Return a command line of Odoo.

        Always the script: started with ``python -m odoo`` the process for live
        connections of a server with workers cannot start.
        """
        return [self.python, self.source.script, *words]

    def run_odoo(self, *words: str, log: Path, failure: str) -> None:
        """Run Odoo until it ends, with its output in ``log``."""
        run(self.odoo(*words), log=log, env=self.variables(), failure=failure)

    def shell(self, database: str, code: str, *, log: Path, failure: str) -> None:
        """Run Python code in ``odoo shell``; an exception there is a failure."""
        words = ["shell", "-d", database, "--no-http"]
        script = f"{code}\nimport os; os.write(1, b'SHELL' + b'-OK\\n')\n"
        run(
            self.odoo(*words),
            log=log,
            env=self.variables(),
            failure=failure,
            stdin=script,
        )
        if "SHELL-OK" not in log.read_text(errors="replace"):
            raise StepError(f"{failure} (whole output: {log})")


def prepare(kind: str, *, development: bool, browser: bool = False) -> Environment:
    """Bring everything up, step by step, and return it.

    :param kind: the cluster, ``run`` or ``test``
    :param development: also the Python packages of tests and lint
    :param browser: also a browser
    """
    if browser:
        system_packages.ensure([system_packages.browser_need()])
    source = odoo_source.locate()
    venv = python_env.ensure(development=development)
    system_packages.ensure(system_packages.pdf_needs(venv))
    cluster = postgres.Cluster(kind, postgres.binaries())
    cluster.ensure_started()
    paths.data_dir(kind).mkdir(parents=True, exist_ok=True)
    return Environment(source, venv, cluster)
