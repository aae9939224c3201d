"""`make screenshots`: hand over to scripts/screenshots.py with a demo server."""

from __future__ import annotations

import os
import subprocess

from . import paths, python_env, server, system_packages
from .console import StepError


def run_screenshots() -> int:
    """Start the demo server if need be and take the pictures with it."""
    script = paths.REPOSITORY / "scripts" / "screenshots.py"
    if not script.exists():
        raise StepError("scripts/screenshots.py is not there yet")
    system_packages.ensure([system_packages.browser_need()])
    venv = python_env.ensure(development=True)
    server.run_server(foreground=False)
    port = os.environ.get("PORT") or str(server.DEFAULT_PORT)
    variables = {
        **os.environ,
        "CRM_SUITE_URL": f"http://localhost:{port}",
        "CRM_SUITE_DATABASE": os.environ.get("DB") or server.DEFAULT_DATABASE,
        "CRM_SUITE_BROWSER": system_packages.browser() or "",
    }
    command = [venv / "bin/python", script]
    return subprocess.run(command, env=variables, check=False).returncode
