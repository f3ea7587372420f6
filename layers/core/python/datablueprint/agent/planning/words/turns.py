"""Turns of speech of many wordings, with the one wording that the tables know."""

from __future__ import annotations

import re

ITS = r"(?:its |the |their |our |his |her |your |cost )*"
WE = r"(?:we'?re |we are |we've |we have |we |they'?re |they are |our crews? (?:is |are )?|the crews? (?:is |are )?)?"
KEPT = "(?<!the )(?<!no )(?<!out )(?<!without )(?<!before )(?<!leave )"
BILLED = r"(?:over)?(?:billed|invoiced|collected)"

WORDINGS = (
    (r"\bthru\b", "through"),
    (r"\borig\b\.?", "original"),
    (r"\b(?:crews?|guys|they) (?:can )?(?:pick|picks|picked|speed|speeds|sped) (?:it |things )?up (?:by )?(?=\d)",
     "crews faster by "),
    (r"\bsays? yes to (?:everything|all of (?:it|them)|them all)\b", "approves everything"),
    (r"\bsays? no to (?:everything|all of (?:it|them)|them all)\b", "rejects everything"),
    (r"\bafter (?:the )?(?:home )?office (?:cost|costs|expense|expenses)\b", "after overhead"),
    (r"\b(?:get|lay|got) (?:our|my) hands on\b", "have"),
    (r"\b(?:what|how much) did (.{3,40}?) run us\b", r"how much did \1 cost us"),
    (r"\b(?:did|do|have) (?:the |our )?(?:owner|client|customer)s? pa(?:y|id) us\b(?: in cash)?",
     "have we collected in cash"),
    (r"\b(?:pay|wages) of (?:the |our )?(?:workers|guys|crews?|men|field)\b", "wages"),
    (r"\b(?:burned|burnt|blown|chewed|run|went|gone) through (?!hours|labor|labour)", "spent "),
    (r"\bcame in (?=under|below|over|above|at)", ""),
    (r"\bdid we buy (?:the job|it|the work|this job)(?: out)? (?:good|well|right|cheap)\b|"
     r"\bhow (?:good|well) did we buy (?:the job|it|the work)(?: out)?\b", "buyout gain"),
    (r"\b(?:got |was |were )?added by (?:approved |signed )?(?:changes|change orders|cos)\b",
     "added by approved change orders"),
    (r"\bdid(?:n't| not|nt) match between (?=quickbooks|procore)", "does not match "),
    (r"\bif (?:the |all |all the )*pending (?:changes|cos|change orders) (?:all )?go\b(?! )",
     "if all pending approved"),
    (r"\bcome out ahead on (?:the |our )?(?:changes|change orders|cos)\b(?: or are they costing us)?",
     "make on change orders"),
    (r"\b(?:the )?(?:taxes|insurance) and (?:taxes|insurance|benefits) on top of (?:that |the |those )?wages?\b",
     "burden"),
    (r"\bwithout (?:the )?taxes\b(?! and)", "before burden"),
    (r"\bpaying more (?:per|an) hour than (?:we )?(?:figured|planned|bid|budgeted|thought)\b", "labor rate variance"),
    (r"\b(?:labor|labour|hours)(?: \w+)? (?:spent |charged |posted |put )?(?:on|to) (?:stuff|things|work|codes) "
     r"(?:that )?(?:we|nobody) (?:never|ever|didn't|had not)? ?budgeted\b", "unbudgeted labor"),
    (r"\b(?:how )?many (hours|hrs) did we bid\b", r"many budget hours"),
    (r"\bbid value\b", "original contract value"),
    (r"\bwill (.{3,40}?) (?:go|finish|end up|come in|be|run|land) (?:over|under)(?: on)? (?:its |the |their )budget\b",
     r"variance at completion of \1"),
    (r"\bany of (?:that|the|our) cash (?:is )?(?:tied up|locked up|restricted|off limits)\b", "restricted cash"),
    (rf"\b(?:over|under) or (?:over|under) (?:on )?{ITS}budget\b", "variance at completion"),
    (rf"\bfaster than {WE}(?:getting |making |putting |seeing |doing )?(?:the )?(?:work|progress|job)"
     r"(?: getting| is)?(?: done| made| in place| progressing)?\b", "faster than progress"),
    (r"\b(?:half[- ]?way|half)(?: of the way)? (?:done|through|complete|finished)\b", "50% done"),
    (r"\b(?:still )?ow(?:e|es|ed|ing)(?: to)?(?: us)? (?:in|of|for) (?=retention|retainage)", "held "),
    (r"\bmid[- ]?year\b(?!'?s?,? (?:june|jun))", "june 30"),
    (r"\bmid[- ]?year\b", " "),
    (r"\bwhat (?:overhead rate|rate of overhead|oh rate)\b.{0,12}\b(?:wipe|eat|kill|erase|use|burn)s?\b"
     r"(?: out| up| away| through)?(?: all)?(?: of)? (?:the |our |its )?(?:profit|margin)\b",
     "break even overhead rate"),
    (r"\b(slip|slips|slipped|slipping|fallen|fell|dropped|drifted)( the (?:most|least|furthest))? "
     r"(?:from|off|against|versus|vs) (?:the |our |its |their )?"
     r"(?:original(?: estimate| bid| plan| profit| margin)?|bid|estimate)\b",
     r"faded\2"),
    (r"\b(?:how )?far off(?: of)?(?: the| our)? bid\b", "fade"),
    (r"\b(?:profit|margin) (?:slip|slippage)\b", "profit fade"),
    (r"\b(low|high)est (?:that )?(?:the |our )?(?:eac|estimated cost|final cost|cost|it) "
     r"(?:could|can|might|may)(?: ever)?(?: possibly)?(?: (?:come|end|be|get|go|land|cost|finish|in|out|up|at))*\b",
     r"\1est eac"),
    (r"\b(?:keeps?|keep on|stays?|continues?|goes|go on|going)(?: on)?(?: (?:tracking|running|trending|performing|"
     r"working|burning|going|moving|producing|doing))? (?:like|the way|as) (?:this|it is|they are|it does|it has been|"
     r"that|it's been|it's going|things are)\b", "keeps going like this"),
    (r"\b(?:we )?(?:buy|bought|buying) ?(?:it )?out (?:better|worse|over|under|cheaper|above|below)\b"
     r"[^,.?]{0,18}budget\b",
     "buyout gain"),
    (r"\b(?:are )?(?:we )?(?:financing|funding|bankrolling|fronting)(?: the cash)?(?: for)? (?:out of|from) "
     r"(?:our )?(?:own )?pockets?\b", "job cash below zero"),
    (rf"\b(?:without|minus|less|not counting|excluding) (?:the )?(?:money|cash|dollars|amount|what|part)(?: that)? "
     rf"(?:we|we've|we have) {BILLED}(?: ahead| early| in advance)\b", "without overbilling"),
    (rf"{KEPT}\b(?:workers'? comp|comp) (?:and|&|plus) (?:payroll )?taxes\b"
     rf"|{KEPT}\b(?:payroll )?taxes (?:and|&|plus) "
     r"(?:workers'? )?comp\b", "burden"),
    (r"\b(?:and |in )?both (?:numbers|figures|of them)\b", " "),
)  # fmt: skip
TURNS = tuple((re.compile(pattern), wording) for pattern, wording in WORDINGS)


def plain(text: str) -> str:
    """The text with every known turn in its plain wording."""
    for pattern, wording in TURNS:
        text = pattern.sub(wording, text)
    return text
