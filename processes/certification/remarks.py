"""A remark of the check before submission, and how texts are compared in it."""

import re
from dataclasses import dataclass
from typing import Final

CERTAIN: Final = "certain"
DOUBT: Final = "doubt"
_OTHER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding: the row of the review, `certain` or `doubt`, the path of the field or file, words and remedy.

    `is_gap` tells a blank field or a file not handed in from what stands there and is wrong.
    """

    row: str
    weight: str
    path: str
    text: str
    remedy: str
    is_gap: bool = False


def squeezed(text: object) -> str:
    """Letters and digits alone, small, ё as е: line breaks, quotes and hyphens of a document make no difference."""
    return _OTHER.sub("", str(text).casefold().replace("ё", "е"))
