"""`python -m bench.touching URL COUNT`: plays cases in a process that does nothing else, and tells its memory."""

import sys
from pathlib import Path
from uuid import uuid4

import orjson

from bench.house import House
from bench.story import SCENES, SMALL, form_of


def touch(url: str, count: int) -> list[float]:
    """Megabytes resident after one case, after `count` more, after as many again."""
    house = House(url)
    found = []
    for more in (1, count, count):
        for _case in range(more):
            case = house.start(str(uuid4()))
            house.look(case)
            for scene in SCENES[:2]:
                house.complete(case, scene, form_of(scene, SMALL, str(uuid4())))
        status = Path("/proc/self/status").read_text(encoding="ascii")
        found.append(int(status.split("VmRSS:")[1].split()[0]) / 1024)
    house.close()
    return found


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(touch(sys.argv[1], int(sys.argv[2]))))
