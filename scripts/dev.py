#!/usr/bin/env python3
"""Commands for developers; `make help` lists them, `make NAME` runs one."""

from __future__ import annotations

import os
import shutil
import sys

OLDEST, NEWEST = (3, 10), (3, 13)


def supported_python() -> None:
    """Go on in a Python that Odoo 19 supports, if this one is not."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            os.execv(other, [other, *sys.argv])
    sys.exit(
        "FAILED: Odoo 19 needs Python 3.10 to 3.13 and there is none on the PATH: "
        "install one of them, or use docker compose"
    )


def main() -> int:
    """Run the command named on the command line; return its exit code."""
    from devenv import commands, console

    try:
        return commands.dispatch(sys.argv[1:])
    except console.StepError as error:
        return console.fail(str(error))
    except KeyboardInterrupt:
        return console.fail("interrupted; the same command goes on where it stopped")


if __name__ == "__main__":
    supported_python()
    sys.exit(main())
