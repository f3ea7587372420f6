"""Words and turns of speech that carry no meaning of their own in a question about figures."""

from __future__ import annotations

WORDS = frozenset(
    """& @ a able about abouts above absolutely accountant accounted accounts across actually add added adding adds
    advise advised affect affecting affects afternoon again against ago agree ah ahead allegedly allocate allocated
    allocating allocation almost along already alright alrighty also although always am amid among amongst amount
    amounts an and/or annoying another another's answer any anymore anyway anyways apart apparently appear appearing
    appears appreciate appreciated approximately are area areas around arrange as asap ask asked asking asks aspect
    aspects assigned associated assume at atm attached attention attributable attributed auditor auditors awarded
    aware away awesome b4 back backed bad baked balance balances ballpark ballparking balls bank banker based
    basically basing basis bc be beat became because become becomes been been's before began begin behind being
    believe belong belongs below beside besides bet between bidness big bigger bird birdseye bit blow board body
    bonding book booked boss bound bout break breakdown's breakeven brief briefing bring bringing brings broad
    brought btw buddy build builder building built bunch busy buying by bye calculate calculated calculation call
    called calling came can captain care carried carries carry carrying case cases catch cause ceo certain certainly
    cfo chance charged charges charging check checking cheers chewing chief circle clearly client's close closer
    coach coffee cold come comes comfortable coming comment common complete compute concern concerned concerning
    concerns confirm confirmed confirming confused consider considering construction contain contractor controller
    coo cool could count counting covering cpa crap crazy crew's crunch curious currently's cut cuz cycle da damn
    dang dat deal dealing dear debrief decent deck deep definitely defo department departments depends describe
    detail details determine did did've differently digit digits directly dis discuss discussing display displayed
    do do'es does doin doing dollar doubt dragging drill dude due dunno during each earlier easy eat eaten eating
    effect effects either else em email end ended ending ends enough entirely equal estimating etc even evening
    eventually ever everybody everyone everything evidently exact exactly excuse explain explore extent extra eye
    eyeball eyeballing eyes face facing fact fair fairly far fast feel fellas felt few figure figure's figured
    figures fill finally find fine finger first fix flat folks follow following for forecasted forget forward found
    frankly freaking from front full fun further fyi gander gave gc geez general generally gents get gets gettin
    getting gimme give given gives giving glance go goes goin going gone gonna good gosh got got'em gots gotta
    gotten grab great greetings grip ground grown guess guesses gut guy's guys haha hand handle handy hang happen
    hard has hassle hate haul he he'd he's head heading heads hear heard hearing heavy heck hell hello help helped
    helpful helping helps her here here's hereby heres hers hey hi high higher highlevel him himself hint his
    historically hit hitting hiya hmm hmmm hold holding holds holler honestly hope hoped hopefully hoping hot how
    how'd how'll how's howdy however hows huge hurry hurting i i'd i'm i've id idea ideally ideas idk if's im
    immediately imo impact impacting impacts important impression in inc include included includes including indeed
    indicate info inform information informed inside insight instance intend interested into investor investors is
    is're ish issue issues it'd it's its itself ive job's jobsite's joe jump jus just justa keen keep keeping kept
    killing kind kinda kindly kinds know ladies landing large larger last lately lately's lay leave leaving left
    lemme lender less let let's lets letting level like like'd likewise line lines link literally little lmk local
    lol long longer look looked lookin looking looks lookup loop lot lots loud love low lowdown lower luck mad madam
    made main mainly major make making man man's manage managed many mark mate matter matters maybe maybe's me mean
    meaning means meant meeting member mention mentioned mentions method methods mid might mind mine minute mister
    moment money monthly more morning mostly mr mrs ms much must my myself n nah name named namely nbr near nearby
    nearly neat necessary need need'd needed needs nervous netted next nice nights no nobody nope normally note
    noted nothing notice now number numbers objective obviously odd of off often oh ok okay old on one one's ones
    only onto opening opposed ops ordinary originally other others otherwise ought ours ourselves out outside outta
    over overall overview owing own owner's owning owns package packet paper part particular particularly partner
    partners parts past path paying peek people per perfect perhaps person phone pick picking picture piece pinpoint
    place plan planned planning play please please. plenty pls plz point poor portion portions possible possibly
    posted potentially practical precise precisely prefer prepared presentation president presumably pretty prior
    prob probably problem probs proceed process produce project's promptly proper properly provide pull pulled
    pulling purpose purposes push put putting q qs ques question quick quick-look quickest quickly quik quite r ran
    rather re reach read reading real realistically realize really really's recap receive recent recently recheck
    recognise recorded refreshes regard regarding regards regular related relevant remind reminded reminder
    reminding renewal renewals report reported reporting request required rerun respect respects respond rest result
    results review right rip rn rough roughly round run running rush said same sanity sat say saying scale scheme
    scoop screen search section see seeing seem seemed seems seen sense separate separately series serious seriously
    set shake shaking she she'd she's shoot short shortly shot should've shout show showing shown shows side
    signature simple simply single sir sit sits sitting situation sized skinny skipper slice small smaller snapshot
    so solid somebody somehow someone something sometime somewhere sooner sorry sorta sound sounded sounds speak
    specific specifically spot spread spreading spreads squad start started starting state stated statement status
    stay stays step steps sticking still stop stopped story straight straightforward strictly stuck stuff style
    subject such summarise summarize summary sums super supposed supposedly sure surety surprise sweat ta table tad
    take taken takes taking talk talking tally target task tbh team team's technically tell telling tend term terms
    th tha thank thanks that'd that'll that's thats the their theirs them'all theme then there there'll there's
    thereof theres these they'd they're they've theyre thing things think thinking thinks tho those thou though
    thought thoughts through throughout thru thx tied tight til till time times tip title to together told tonight
    tons too took totalled touch toward towards tracking treat tried trouble true truly truth truthfully try tryin
    trying turn turning type types typically u ugh ugly uh uhh um under understand understanding understood
    underwriter unfortunately unless unlike until upcoming update upon upper upside ur urgent urgently use used user
    using usually validate value various verify verifying version very via vibe view visit volume w wait waiting
    walk wanna want want'd wanting waste watch watching way ways we'd we're we've weird well went were what what'd
    what'll what's whatever whatnot whats whenever where where's wheres wherever whether which which're whichever
    while who who'd who'll who's whole whom whos whose why'd whys wide willing wise wish with with'in within without
    witness won't wonder wondering words work work's worked workin working works world worried worry wow wrap wrong
    wrt y'all ya ya'll yall yeah yep yes yet yield yields yo you you'd you'll you're you've your youre yours
    yourself yup""".split()
)

PHRASES = """
walk into, walking into, walk in, before i walk, behind their score, behind the score, do me a favor, do me a favour,
do us a
favor, and so on, and so forth, and whatnot, and all that, for a minute, real fast, if you can, if you could, if
possible,
if you please, when you can, when you get a chance, if you have a minute, if you don't mind, if i may, if that helps, as
needed, in a sec, on the spot, at a glance, off the top of your head, side note, one more thing, by chance, any chance,
a bit, a lot of, according to, according to the estimate, across all jobs, across all projects, across jobs, across
our jobs, across projects, across the board on, across the jobs, add up to, adds up to, all of our, all of the, all
our, all the, amount of, amount to, amounts to, are showing, are there, are we at, are we carrying, are you able to,
as a whole, as far as, as it stands, as such, as we speak, as well, at the moment, at this point, at this stage, at
this time, bank asked for, bank is asking, bank wants, bank wants to know, based on the data, before the meeting,
boss wants, boss wants to know, bring up, by the books, by the estimate, by the way, came to, can i count on, can i
get, can i have, can i see, can we see, can you show me, can you tell me, checking in, come to, comes out to, comes
to, could i get, did we do, do i have, do we currently have, do we have, do we know, do we need, do we still need,
do you have, do you know, double check, double checking, down at, each of our, each of the, figure on, figure out,
find out, for a meeting, for bonding, for each of, for me, for my, for my bank, for my boss, for my meeting, for my
notes, for my records, for our, for our bank, for our surety, for real, for the audit, for the auditors, for the
bank, for the board, for the board meeting, for the bonding company, for the boss, for the job, for the meeting, for
the owner meeting, for the report, for the surety, for the underwriter, for the whole, for underwriting, for us, for
us to, from the system, generate, gimme the, give me, give us, going on, going on with, got a, have there been, have
we got, help me, help me understand, how about, how about we, how are we doing on, how are we on, how do, how do we
stand on, how does, how was, how we, how we doing on, how's it, i am, i have, i need, i need to know, i want, i want
to know, i want to see, i was, i wonder, i would like to know, i'd like to know, i'd like to see, if we spread it,
in all, in all of, in our, in terms of, in the books, in the data, in the field, in the office, in the system, in
the whole, is it possible to, is showing, is sitting, is there, job called, job in, job out in, just checking, just
wondering, kind of, kindly provide, let me know, let me see, let us know, like to see, look at, look like, look like
for, look like on, look up, looking at, looking for, looking like, looking on, looks like, make me, make me a, may
i, may i have, may i see, my banker needs, my boss wants, my boss wants to know, need a, need the, need to know, no
idea, no matter how big, no matter the size, of all, of my, of our, of the job, of the project, on all, on hand for,
on my, on our, on our books, on that, on the books, on the ground, on the job, on the project, on the street, on
this, on top, on top of it, on top of that, our banker needs, our banker wants, our surety wants, out at, out in the
field, out of, out on, out there, over at, over in, owner wants, owner wants to know, per the estimate, please
advise, please provide, prepare, print, print out, printout of, project called, project in, pull up, put together,
quick question, real quick, regardless of job size, regardless of project size, regardless of size, remind me, right
away, right here, run me through, send me, should i be worried about, should i count on, should i expect, should i
know about, should i plan on, should we count on, should we expect, should we know about, show me, show us, sitting
at, sitting on, so much, so that, so we, someone asked, sort of, spread it, spreading it, stand at, stand on,
standing at, stands at, such as, surety asked for, surety is asking, surety wants, surety wants to know, talk me
through, tell me, tell us, the amount of, the bank wants, the figure for, the job at, the number for, the owner
wants to know, the project at, the surety wants, they asked, they've got, to me, too much, turn out, turned out,
turns out, up at, walk me through, want to know, want to see, was there, we are, we at, we got, we have, we have in,
we have on, we need, we still need, we want, we're at, we're sitting, we've, we've got, what about, what are, what
do, what does, what is, what's the, what's up with, whatever the size, whats up with, when it comes to, where are,
where are we at, where are we at on, where are we on, where are we with, where do we stand, where do we stand on,
where does, where is, where's, wondering if, wondering what, work out to, worked out, works out to, would like to
know, you got, you have, you've got
"""

MISSPELT = {
    "mutch": "much", "wich": "which", "whitch": "which", "bigest": "biggest", "higest": "highest", "lowst": "lowest",
    "evry": "every", "hoow": "how", "uncommited": "uncommitted", "porfit": "profit", "al": "all", "teh": "the", "hte":
    "the", "waht": "what", "wat": "what", "hwo": "how", "whts": "what",
    "abt": "about", "pls": "please", "plese": "please", "shwo": "show", "giv": "give", "jobz": "jobs", "porject":
    "project",
    "projcet": "project", "comited": "committed", "comitted": "committed", "commited": "committed",
    "retanage": "retainage", "retainge": "retainage", "ovrbilled": "overbilled", "backlogg": "backlog",
    "marjin": "margin", "valeu": "value", "laber": "labor", "tot": "total", "amt": "amount",
}  # fmt: skip
"""Misspellings of so short or so changed a word that likeness alone does not tell it."""
