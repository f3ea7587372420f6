"""Texts that are no questions: commands to change something, attempts to change the rules, other companies."""

from __future__ import annotations

SKIP = "(ignore|disregard|forget|override|bypass|skip)"
SAY = r"(reply|respond|answer|say|output|print|state|report|claim|write|repeat|tell \w+( \w+)?)"
UNSAFE = (
    rf"\b{SKIP}\b.{{0,40}}\b(instructions?|rules?|prompts?|previous|above|prior)\b",
    rf"\b{SKIP}\b.{{0,40}}\b(guardrails?|polic(y|ies)|checks?|verification)\b",
    rf"\b{SKIP}\b.{{0,40}}\b(everything|restrictions?|filters?)\b",
    r"\bsystem prompt\b|\bjailbreak|\bdeveloper mode\b|\bdan mode\b|\bbase64\b|\bexec(ute)?\b|\broot access\b",
    r"\b(you are|you're|act as|pretend (to be|you))\b.{0,30}\b(now|a|an|my|dan|evil|unrestricted|admin|pirate)\b",
    r"\bjust (say|tell (me|them)|make up|give me (a|any) number|answer)\b.{0,60}(\d|number|anything|yes)",
    r"\bmake up\b|\bmake (it|the|that|this) (look|say|show|read)\b|\bfudge\b|\bfabricate\b|\bno matter what\b",
    r"\bpretend (the|that|it|our)\b",
    rf"\b{SAY}\b.{{0,25}}\b(exactly|only with)\b",
    rf"\b{SAY}\b.{{0,60}}\b(margin|profit|it|we|cost|number|backlog|cash)\b.{{0,20}}"
    r"\b(is|are|was|at|to|of)\b (about )?\$?\d",
    r"\bround\b.{0,40}\b(up|down) to\b|\bsay (it|that it) (ties|is right|is verified)\b",
    r"\b(select|drop|delete|insert|update|union select|union all)\b.{0,40}"
    r"\b(from|table|into|set|where|database|select)\b",
    r"</?\w+[^>]*>|\{\{|\bsql\b|\badmin (mode|access|rights)\b|\bprint your\b|\breveal\b|\bdump\b|\bcredentials?\b",
    r"\bapi keys?\b|\bpasswords?\b|\bsecrets?\b|\benvironment variables?\b|\byour (instructions|rules|prompt)\b",
    r"\bassume\b.{0,30}\b(is|was|are)\b.{0,10}\d+ ?(%|percent).{0,30}\b(answer|reply|report|tell)",
)
OTHERS = r"(other|another|different|all|every|any|second|next|neighbou?r(ing)?)"
OTHER_TENANT = (
    rf"\b{OTHERS} (tenants?|compan(y|ies)|contractors?|organi[sz]ations?|accounts? on (this|the))\b|\btenants?\b",
    rf"\b{OTHERS} (clients?|customers?) of (yours|the (product|platform|software))\b",
    r"\b(compan(y|ies)|contractors?|builders?)\b.{0,30}\b(use|using|on) (this|the|your) "
    r"(product|platform|software|system|tool|app)\b",
    r"\b\w+'s (other )?compan(y|ies)\b|\bsister compan(y|ies)\b|\bcross[- ]tenant\b",
    r"\b(switch|change|log ?in|connect) (me )?to\b.{0,30}\b(compan(y|ies)|tenants?|accounts?|database)\b",
    r"\b(our|my|the) competitors?\b|\bwhat (do|are|does) other (gcs?|contractors|builders)\b",
    r"\bother (gcs?|contractors|builders|firms)\b",
)
OPENING = (
    "please |pls |plz |hey |ok |can you |could you |would you |will you |go ahead and |go |i need you to |"
    "i want you to |you need to |now |let's |lets |kindly |just |and |then |also "
)
COMMANDS = "|".join(
    """pay approve reject deny delete remove erase update change edit modify fix correct create add post book enter
    record submit issue sign void cancel transfer move wire send email e-mail text call notify remind schedule
    assign reassign hire fire close reopen reclass reclassify recode lock unlock upload import sync push write
    set rename merge invoice bill order buy purchase refund release adjust increase decrease raise lower cut
    bump message ping forward share file process apply allocate reverse accept authorize authorise log mark flag
    archive revise request draft stop start initiate terminate""".split()
)
ERRANDS = (
    r"tell \w+ to|ask \w+ to|have \w+ \w+|print checks?|cut a check|run payroll|sign off|make a payment|"
    r"make the payment|put in|turn (on|off)"
)
NOUNS = (
    r"orders?\b|order\b|in\b|requests?\b|me\b|us\b|the (same|list)|over|under|"
    r"(rate|margin|profit|cost|budget|index|variance|order)s?\b.{0,20}\?"
)
"""Behind a command's verb they make it a noun: 'change orders', 'cost variance?'."""
RESULTS = (
    r".*\b(what|where|how|whats|which)\b.*\b(margin|profit|gp|eac|cost|make|end up)\b|.*\b(margin|profit|gp)\b.*\?|"
    r".*\btell me the (new )?(margin|profit)"
)
"""A command that goes on to ask for a figure only supposes: 'release the contingency, where is profit then'."""
ACTION = (rf"^(?!{RESULTS})({OPENING})*({COMMANDS}|{ERRANDS})\b(?! ({NOUNS}))",)

PATTERNS: tuple[tuple[str, str, str, str], ...] = (
    (
        "unsafe",
        "it tries to change how answers are made",
        "Ask for a figure; every figure comes from the records.",
        "|".join(UNSAFE),
    ),
    (
        "other_tenant",
        "it asks about another company; a session sees one company only",
        "Ask about your own projects.",
        "|".join(OTHER_TENANT),
    ),
    (
        "action",
        "it asks to change something; everything here is read-only",
        "Do it in Procore, QuickBooks or the payroll system; the next refresh shows it.",
        "|".join(ACTION),
    ),
)
"""(refusal code, why, way out, pattern over the lower-case question)."""
