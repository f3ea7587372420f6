"""Words of manner, people and small talk: none of them names a figure, a filter, a time or a name, so all may pass.

They are never the outcome of a repair, and never repaired or read as a misspelt name themselves.
"""

from __future__ import annotations

VERBS = """
    absorb ache acquire adapt address admire afford aim allow amaze announce annoy anticipate apologize argue
    arrive assemble assess assist assure astonish attend bail battle bleed blend boast boil
    bother bounce breathe browse bug bundle button cheer chip chop chug circle circulate clarify
    climb cling collapse color combine comfort command communicate compile complain comprehend conclude
    condense conduct convene converse convey convince cope crank crawl cringe crush cry cue curl
    dash decide decipher defend deliberate demand demonstrate derive desire dice digest discover
    doodle drag dread dream dress drink drown dump dwell ease elaborate embarrass emphasize enable
    encounter encourage endure enjoy ensure entail envision examine excite exhaust experience explode expose
    extrapolate fear feature fetch fight finalize flag flash flesh flip flow fluctuate focus forgive
    formulate freak fret fuss gather gauge gawk glean gloss grapple grasp gripe groan guide gush hammer
    handhold haunt hesitate highlight hound huddle hunt hurry illustrate imagine imply impress inquire
    insist inspect inspire interpret interrupt introduce investigate invite itch jog joke judge juggle kick
    kid knock lag laugh learn lecture limp listen load loom lug mess misplace misread monitor mull
    mumble nag nail narrate narrow navigate nod nudge oblige observe obsess obtain occur orient outline panic
    pat peer perceive persuade pester pinch plead plot plow poke ponder pore pose pound prefer prep
    presume preview proclaim prod promise pronounce prove push puzzle quantify question quibble quiz rattle
    realize reason recall reckon recollect reconsider recount refine reflect regret relate relax relay rely
    remark remember repeat rephrase reply represent research resemble resolve restate resume rethink retrieve
    reveal revisit roll rumble rustle scan scare scramble scratch scream scribble scroll seek sense settle
    shed shock shove shrug sift sigh signal sketch skim sleep smell smile snag sneak sniff spell spill spin
    spot squeeze squint stand stare steer stir stress stretch struggle stumble suffer suit summon suspect
    swallow swear tackle tease tempt thrill throw tick tighten toss trace trouble tweak uncover underwrite
    unfold unpack unwind update urge utter vent venture vet visualize voice vow wander warn wave weigh whip
    whisper whistle wink witness worry wreck wrestle yell zip zone zoom
""".split()
"""In their base form; forms in -s, -ed and -ing are made of them."""

FORMS = """
    ached ate begun bit blown bred broke broken brought came caught chose chosen dealt dove drew dug felt flew
    forgot forgotten fought found gave given got heard held hung hurting hurts keeping keeps kept knew
    known led met ran rang rode said sang sat saw seen shone shook shot shown slept smelled spoke spun stood
    strolled struck stuck stung swept swore tag tagged tags taken taught thought threw told took tore
    understood woke worded wore wound written wrote
""".split()

SMALL_TALK = """
    absolutely sr alas amigo anyhoo anytime apologies aye bless bravo bro bud bueno bummer champ cheerio chief
    congrats cool correctamundo cuantas cuanto dammit darn dawg dearest favor favorcito favour
    fella fellas fingers folk friend friends gee gentlemen golly goodness gracias gracious gratitude greetings
    guv hallo hiya hola hombre homie honey hooray hopefully hun jeez kiddo kudos lads legend lord luv
    ma'am mam mate mornin mornings nay nice nifty ooh oops oopsie ouch pal pardon peace peeps phew
    phooey por rad respectfully rightio righto roger salut sheesh sir sister splendid sup superb
    swell tata terrific thankful thanx thnx tho thxs toodles tysm welcome whew whoa whoops wonderful wow
    yah yay yessir yikes yippee yup
""".split()

PEOPLE = """
    accountants actuary adjuster advisor advisors agent analyst analysts assessor assistant associate
    attendees auditors backer backers bankers board's bondsman bookkeeper boss's bosses brass broker
    buyer ceo's cfo's chairman chairperson coworker creditor creditors crowd dad daddy delegate delegates
    director directors examiner exec execs executive executives
     husband leader leaders leadership lenders mom
    negotiator newcomer officer officers overlord principal principals reader reviewer reviewers rookie
    secretary shareholders spouse stakeholders treasurer underwriters veep vp vps wife
""".split()

MANNERS = """
    aboard abundant accidentally accurate albeit aligned alike aloud anxious apiece astray awkward badly
     bigtime blunt bluntly brave brief bright broadly calm careful carefully casual casually
    cautious chronic clever clumsy complex concise confident confusing constantly
    convenient convincing critical crucial crystal curiosity cursory deadly definite delicate desperate
    difficult dire dirty discreet dizzy dramatic dumb eager earnest easier effortless elsewhere enormous epic
    especially essential exciting explicit extreme faint fancy fantastic fingers firm fishy formal frankly
    frantic freely frustrated frustrating furthermore fuzzy gentle genuine gigantic glad gloomy gnarly grim
    grumpy handily hardly hasty hazy hearty heck hefty helpful hence hereabouts honest hopeless horrible
    humble hurried impatient important impossible impressive incredible inevitable informal instant intense
    interesting ironic jittery jumpy keen lame lazily legit lengthy lightly likewise lousy lovely mad massive
    meanwhile measly messy mighty miserable moderately moreover mysterious nasty naughty nearby needy nervous
    nevertheless nonetheless noteworthy obvious odd oddly outrageous painful painless paranoid patient
    peculiar plainly pleasant pleased plentiful polite precious precise preferably prompt proud quaint quiet
    random rapid rash relevant reluctant respectful ridiculous rosy rude ruthless sad scary secondhand
    secret serious shady shocking silly simplest sincere skeptical sleepy slick sloppy smooth sober
    somewhat spooky stark steep straightaway strange stressful strict stubborn stunning stupid suddenly
    suspicious sweet swift tense terrible terrific thereabouts thereby therefore thorny thoughtful thus tidy
    tight tough tricky twofold unbelievable unclear uneasy unfair unhappy unlucky unpleasant upfront upset
    useful vague vast vivid wacky weary whereas wicked wild wobbly wonky wretched
""".split()

THINGS = """
    agenda bite blur brain bullet bullets bunch call caption caveat chat chunk clarity clue
    column columns comfort confusion convo curiosity dashboard desk dinnertime
    ear ears eyeballs feedback font format formatting fuss gist gut
    headache headline heartburn highlight highlights hunch inkling intro
    limb meetings mess mic napkin nerves nightmare noise nutshell oneliner paragraph paragraphs
    podium powerpoint presentation readout recap sake scribble sentence shoulder skinny spiel
    spreadsheet summary surprise surprises suspense takeaway talk temperature topic touchpoint voicemail
    whiteboard worries
""".split()


def _inflected(verb: str) -> set[str]:
    """The verb with its endings; a short one doubles its last letter."""
    if verb.endswith("e"):
        return {verb, verb + "s", verb + "d", verb[:-1] + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeou":
        return {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
    ending = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    doubled = verb + verb[-1]
    return {verb, verb + ending, verb + "ed", verb + "ing", doubled + "ed", doubled + "ing"}


LISTED = {word for verb in VERBS for word in _inflected(verb)} | {*FORMS, *SMALL_TALK, *PEOPLE, *MANNERS, *THINGS}
HARMLESS = frozenset(LISTED)
"""Words that may stand in any question without changing it."""
