"""Turns of speech that ask what was known at a time, not what happened by then."""

from __future__ import annotations

import re

BEFORE = "we|it was|was|they were|had been|then|it had been|originally|previously|first|last"
KNEW = "knew|known|reported|understood|recorded|shown|thought|published|forecasted|stated|presented|saw"
SINCE_THEN = " then| back then| at the time| at that time| in| at| on| back in| as of"
DID = "think|thought|report|reported|forecast|expect|expected|know|known|project|projected|show|shown|believe|tell|told"
WERE = "projecting|forecasting|showing|expecting|reporting|thinking|telling|predicting"
WAYS = (
    rf"as (?:(?:{BEFORE}) )*(?:{KNEW})(?: it| them| things)?(?:{SINCE_THEN})?",
    r"as we (?:saw|had|knew) (?:it|things)",
    r"(?:with )?what we knew(?: back then| then)?",
    rf"(?:did|had) we (?:{DID}|have (?:it|this|that) at)",
    rf"were we (?:{WERE})",
    rf"we (?:reported|thought|were (?:{WERE}|told)|had reported|knew|told)",
    r"known (?:at|by|on|as of|then)",
    r"knew (?:at|by|on|in|back in|as of|then)",
    r"back then|at the time|at that time|without hindsight",
    r"(?:was|were|originally) reported",
    r"reported (?:at|in|for|as of|on)",
)
KNOWN_THEN = re.compile(rf"\b(?:{'|'.join(WAYS)})\b")
