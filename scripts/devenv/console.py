"""Talking to the person at the terminal and running other programs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

# What is worth a progress line in the output of Odoo, pip and apt.
_PROGRESS = (
    re.compile(r"(?:Loading module|Module) (\w+) (\(\d+/\d+\))"),
    re.compile(r"^(Collecting|Downloading|Installing collected packages)\b"),
    re.compile(r"^Get:\d+ .*? (\w[\w.+-]+) (?:all|amd64|arm64) \S+ \["),
    re.compile(r"^(Setting up|Unpacking) (\S+)"),
)
_PROGRESS_EVERY_SECONDS = 3.0


class StepError(Exception):
    """A step failed; the message is one clear line saying what to do."""


def say(message: str = "") -> None:
    """Print one line at once, also when the output is a pipe."""
    print(message, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step before it runs and its duration after it."""
    say(f"==> {title}")
    started = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - started:.1f} s")


@contextlib.contextmanager
def lock(path: Path, waiting_for: str) -> Iterator[None]:
    """Hold an exclusive lock on ``path``, saying so when another run has it.

    The kernel drops the lock with the process, so a killed run leaves nothing
    behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"    waiting: another command is working on {waiting_for}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    log: Path,
    failure: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
) -> None:
    """Run a program, its output into ``log``, with progress lines meanwhile.

    :param log: file that receives the whole output (overwritten)
    :param failure: one line telling the person what to do if it fails
    :param stdin: text given to the program, nothing if ``None``
    :raise StepError: when the program cannot start or ends with an error
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        process = subprocess.Popen(
            [os.fspath(part) for part in command],
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise StepError(f"{command[0]}: {error.strerror}. {failure}") from error
    try:
        if stdin is not None and process.stdin:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.write(stdin)
                process.stdin.close()
        tail = _copy_output(process, log)
        code = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if code:
        for line in tail[-12:]:
            say(f"    | {line[:200]}")
        raise StepError(f"{failure} (whole output: {log})")


def _copy_output(process: subprocess.Popen[str], log: Path) -> list[str]:
    """Copy a program's output to its log file; return the last lines of it."""
    tail: list[str] = []
    last = time.monotonic()
    with log.open("w") as out:
        for line in process.stdout or ():
            out.write(line)
            tail = [*tail[-40:], line.rstrip()]
            now = time.monotonic()
            if now - last > _PROGRESS_EVERY_SECONDS:
                note = progress_note(line)
                if note:
                    say(f"    {note}")
                    last = now
    return tail


def progress_note(line: str) -> str:
    """Return what a person wants to see of a line of output, often nothing.

    >>> progress_note("... odoo.modules.loading: Loading module crm (3/44)")
    'crm (3/44)'
    """
    for pattern in _PROGRESS:
        match = pattern.search(line)
        if match:
            if pattern.groups == 2:
                return f"{match[1]} {match[2]}"
            if match[1] in ("Collecting", "Downloading"):
                return f"{match[1].lower()} {line.split()[1].split('/')[-1]}"
            return match[1]
    return ""


def capture(
    command: Sequence[str | os.PathLike[str]],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a short program and return its result without raising on failure."""
    try:
        return subprocess.run(
            [os.fspath(part) for part in command],
            env=dict(env) if env is not None else None,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def fail(message: str) -> int:
    """Print the closing line of a failed command; return its exit code."""
    print(f"\nFAILED: {message}", file=sys.stderr, flush=True)
    return 1
