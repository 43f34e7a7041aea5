"""Pictures of every document from invented values, page by page, into docs/pictures/papers.

Run as `python -m scripts.picture_papers [FOLDER]`; asks for `pdftoppm` (package poppler-utils).
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.processes.papers.samples import SHEETS

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "papers"
DOTS: Final = "72"


def main(folder: Path) -> None:
    """Draw each page of each document as NAME-PAGE.png; pictures of before are taken away."""
    program = shutil.which("pdftoppm")
    if program is None:
        sys.exit("pdftoppm is not installed: it comes with poppler-utils.")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as kept:
        for name, make in SHEETS.items():
            paper = Path(kept) / f"{name}.pdf"
            paper.write_bytes(make())
            subprocess.run([program, "-r", DOTS, "-png", str(paper), str(folder / name)], check=True)
    print(f"{len(list(folder.glob('*.png')))} pages in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
