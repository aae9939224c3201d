"""The process in which people work: its only argument is the order of `make load`.

Prints a line of JSON after each crowd, and last the seconds of every step.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.people import Client, Crowd, Person

WARM_UP = 10


def main() -> None:
    """Run the cases in turns."""
    order = json.loads(sys.argv[1])
    people = _people(order)
    seconds: dict[tuple[str, str, str], list[float]] = {}
    errors: set[str] = set()
    for number in range(order["rounds"] + 1):
        # the first round warms up and is not counted
        length = order["seconds"] if number else WARM_UP
        for pause, span in order["pauses"].items():
            # who goes first changes
            for case in list(people)[:: 1 if number % 2 else -1]:
                crowd = Crowd(people[case], length, span)
                crowd.work()
                errors.update(crowd.errors)
                if not number:
                    continue
                done = sum(map(len, crowd.times.values()))
                _say(f"{pause}, {case}: {done / length:.1f} requests a second")
                for name, times in crowd.times.items():
                    seconds.setdefault((pause, case, name), []).extend(times)
    rows = [[*key, times] for key, times in seconds.items()]
    _say({"seconds": rows, "errors": sorted(errors)})


def _people(order: dict[str, Any]) -> dict[str, list[Person]]:
    """Sign everybody in; return people by case."""
    clients = {
        side: [
            Client(where["url"], where["database"], f"rep{n % 20}", order["password"])
            for n in range(order["people"])
        ]
        for side, where in order["sides"].items()
    }
    asked = {side: found[0].specifications() for side, found in clients.items()}
    return {
        case: [
            Person(client, asked[views], number)
            for number, client in enumerate(clients[side])
        ]
        for case, (side, views) in order["cases"].items()
    }


def _say(what: Any) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
