"""The words an answer is written in: a closed list, for a claim that no rule foresaw needs a word that is not on it.

Names, days, figures and metric labels are references or are masked before
this is asked. What is left joins them; who did what, what the weather was and
what should be done about it cannot be said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datablueprint.agent.grounding.claims import GRADE
from datablueprint.agent.grounding.sentences import EVERY_LABEL, METRIC_WORDS
from datablueprint.agent.grounding.slots import blanked
from datablueprint.agent.grounding.wording import ALLOWED, Wrong, folded

GRAMMAR = (
    "everything "
    "a an the this that these those it its it's they their them there here we our us ours you your who whose which "
    "what where when while as if so than then thus therefore and or but nor not no neither either both each every all "
    "any other others only also too just still yet already again another same such own one ones of at in on for from "
    "to by with without within under over above below between among against across into out up down per since until "
    "before after during through beside along together i be is are was were been being isn't aren't wasn't has have "
    "had having do does did doesn't don't didn't will would should cannot can't won't wouldn't more most less fewer "
    "much many how now today currently latest far else whereas although though however instead rather because due "
    "whole some about overall mainly largely a's s t itself upwards downwards sight thanks versus vs caused driven "
    "result attributable owing explained off partly around"
).split()
TELLING = (
    "show shows showed shown stand stands stood sit sits come comes came go goes went gone make makes made making "
    "earn earns earned leave leaves left leaving lose loses losing lost amount amounts total totals equal equals give "
    "gives given carry carries carried hold holds held remain remains remaining keep keeps reach reaches reached "
    "finish finishes finished end ends ended close closes closed expect expects expected estimate estimates estimated "
    "forecast forecasts project projects projected planned anticipated budget budgeted cost costs spend spent use "
    "used work worked log logged charged post posted bill billed billing billings invoiced collected paid rise rises "
    "rose risen rising increase increases increased increasing grow grows grew grown growing gain gained climb climbs "
    "climbed jump jumps jumped add adds added raise raises raised fall falls fell fallen falling drop drops dropped "
    "dropping decrease decreases decreased decreasing decline declines declined slip slips slipped shrink shrinks "
    "shrank shrunk erode erodes eroded fade fades faded dipped slid sank reduce reduces reduced reducing lowers "
    "lowered improve improves improved improving improvement recovered strengthened worsen worsens worsened worsening "
    "deteriorate deteriorated weakened move moves moved moving change changes changed changing compare compared "
    "comparing comparison follow follows followed lead leads led rank ranks ranked ranking list lists listed listing "
    "include includes included including exclude excluded excluding count counts counted measured calculated based "
    "asked read take takes took taken bring brings brought put become becomes became exceed exceeds exceeded "
    "exceeding needed ask asks forecasting works back stay stays look puts find found told said stated reported "
    "recorded known have get gets got matter matters see suppose supposes supposed supposing assume assumes assumed "
    "assuming approve approved approving reject rejected rejecting offset contribute contributes contributed set sets "
    "needs belongs"
).split()
THINGS = (
    "job jobs project projects portfolio company managers manager code codes row rows line lines item items figure "
    "figures amount amounts value values total totals answer results list table summary difference differences change "
    "changes movement effect effects impact contribution part parts rest driver drivers cause causes term terms thing "
    "things case scenario order orders pending day days month quarter year time week weeks end close margin margins "
    "profit profits profitability earnings loss losses gain gains cost costs expense expenses price contract "
    "contracts revenue revenues billing billings backlog cash liquidity overhead burden hours hour wage wages labor "
    "labour budget budgets commitment commitments retainage retention variance variances fade erosion markup "
    "provision score scorecard credibility overrun overruns material subcontract crew crews estimate completion "
    "performance rate performer overbilling underbilling view grade method methods freshness coverage tie tie-outs "
    "outs findings integration schedule system systems records money home office pace bid type types unavailable "
    "missing required unknown"
).split()
KINDS = (
    "gross net active open closed pending original revised actual current burdened unburdened earned approved "
    "unapproved direct early earlier previous previously prior last later next first main largest biggest greatest "
    "highest strongest best top leading lowest smallest least weakest worst poorest thinnest minimum maximum bottom "
    "higher lower larger smaller bigger greater better worse positive negative profitable unprofitable black red "
    "deficit shortfall underwater overbilled underbilled over-billed under-billed hypothetical hypothetically enough "
    "few favourable favorable tied worth contrast short following tier second"
).split()
KEPT_OUT = frozenset("points point standard restricted unbalanced even".split())
"""Words of metric labels that claim something where the label is not said whole."""
WORDS = (frozenset((*GRAMMAR, *TELLING, *THINGS, *KINDS)) | METRIC_WORDS) - KEPT_OUT
SPOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
FIX = "Not a word of answers; say it in plain words about figures, or leave it out"


def unplain(text: str) -> Iterator[Wrong]:
    """Words of a masked text that are none of an answer's."""
    for found in SPOKEN.finditer(folded(ALLOWED.sub(" ", GRADE.sub(" ", blanked(text, EVERY_LABEL))))):
        word = found[0].lower().replace("\u2019", "'").removesuffix("'s")
        if word not in WORDS:
            yield Wrong("word", found[0], FIX)
