"""Words that are spelt as they are meant, though they look like ones that carry meaning here."""

from __future__ import annotations

REAL = frozenset(
    """abort aborted accessed accounting achieve advance agent aligned allotted alter ancient andreas appended
    appends archive asctime aspects assorted attacker attainment attenuation auditing awaitable awaited awake
    awkward backing backs bands banner barge batched bbase bearing bench bfill biased bindings blank blessing
    blocking boast bogus bools boots bounces bounding bracket brown builtin builtins bundling burst butter
    callpkg canaries capable cast casting casts cautious cclauss cease central chances channel channels chardet
    charges charset chatbot checkers chomp chomping choosing chose christian chunked chunking circulation
    clamped clash classes cleaned cleanly clicking clipped clobber clone cloned cloning cluster cname coast
    coderef coding coerced coercing collectors commented companion compilation compiled compiling complies
    complying composed composing computing concepts conducts conform conforms connect connected connectors
    connects consent consisting const constant constants constrain construct constructed constructs consumed
    consumer contact contacted contain content contents context contexts contraction contrast contrib
    conventions converge converting converts conveyed conveying copying corrected corrections correctly coupled
    covar crash created creates creating creds crossed crossing curlies cutting decay deciding decision declare
    declaring decoded decoder decodes dedent defacto defeats defined defines defining delaying deleted demands
    denoted denotes denying deployed deploys deprecation deprecations derivation derived deriving descend
    descent desired despite detect detection detects devices dialect differing dilation discussed dispose
    distributors dividing dolor drain drawers drepper drift dumping durability dying eexpect effected efforts
    electron elision emacs emitter encoded encodes entered entities equality errcode errored escalation excel
    excessive executing existent exploding exported exporting exposed exposes express extant extended extending
    extensive extra extract facilitates faddr failing fails failure failures fastest feather features feeding
    fetching ffast ffill filling filters finder finders finding fixes flavors flood flowing folders folding
    folds forcing forever forking fortran frees freezing furnished gender getline gname gpass grained granting
    greet grouping grows hacking hamming handing handling hashing heirs helping hiding hinting horse hyphens
    impacted imprecision indents indication indices inferred ingestion initiation inserted insertions inspired
    integral intention interact intercept intercepted internal internals internet interpol intersect intersected
    intro invention invited invocation invoked invokes involve involved involves isinstance itemsize iters
    kerning keyring lacked lacking laforge lanes launch lavender lband ldots leader leaks libtest libuuid
    license lifted lifting lightpink limitation linking linting linus listening loading locking locks logger
    logging logical logos longmess looked loopback looping magical mailing manage mandates mangled manpage
    manpages mapping marina marking martin masking massage master masters maxiter maxterms medians mercy merge
    messes messing miter mocking monkey mosel mounting musical mutually newer nodes nonce noting numbins numer
    numiter obeying offered offline older ordinal osvers outfile outgoing outline overcome overlap overlay
    overline overload overloads override owning packs pager pagers paging panning parity parsing parties pasted
    patch patents pearson pearsonr percentile percentiles perlapi perlpod perlsyn persist persists phrase
    phrases pickling pinning plain players plotted plotting pointer pointers pointing policies polling polyint
    portability portable ported porters ports post posting powered preceded precision precisions prediction
    predictive premise premises prepend prepends preservation pretium prevent prevents pricing primed primes
    printer printing prints proactive prober probing programs promoting prompted prompts prone protect protected
    protecting protections protects proto provable proxies pulsing punting pushing pygments pyproject pytables
    quantifier quantiles quictls quiet quietly quirk races radio raising randint ranging reaching readable
    readline readlink rebind rebuilt reception recompile recording recurse recursed recurses recursion redacted
    redrive refining reflect reflected reflecting reflects reformed refrain reftable regarded regions regress
    regression reindex rejection rejections relaxed remainder remap removed removes renamed renaming reorder
    repeated replaced replayed reraise rerunning resetting resolve resolver resort respect respected respects
    retain retaining retains retried returned reusable reuse reused reuses revealed reveals reverse reversed
    reverses reversing reversion reverted reviewed revoked rewind reword rides risus rosen rotated rotates
    rounding routing ruleset sample sampled samples scalars scales scaling scanning science securely seeds
    seeking seeks sending sensing servers serves serving session setminus seven severity shadowing shadows shall
    shelf shell shielded shifting shipped shipping shortcut shortmess showed shutting signaling silence skill
    skipped skipping slack slated slicing slope slopes smoothing smueller snake snippet sockets solaris solving
    sorting spacing spake spanning spare speaking special speeding spell spelled spelling spellings spill
    spilled spinner splice spliced splitting spotted spreading spurious srand stable stacking starred stating
    staying stems stepped stoppage stopping storage store stores storing strand strange stray streaming strides
    string stringent strings stripping stroked suite suites supplying supported supporting supports survive
    suspect suspend swatch swatches swhat sysread tagging tainted tainting takeable tangent tempting tensors
    testers thedir thistle thorough threaded threading threat three throughput thunk tiers timed timezone
    timings toast tooling torch tostring trace traces tracing tradeoff trading trail train training transforms
    tranter treating triagers triaging tricked tricks trimmed tripped trivial trunk ttype tuned tuning typing
    typos unaligned unbiased unboxed unclosed undefined undelay undesired unencoded unexpected unfolded unicode
    unioned unloaded unlocked unmasked unparsed unpinned unreserved unrolled unsorted unstacked unusual
    unwrapped unzipped uptodate useless utcdate utilizes validation validations variable variables variates
    vectors volumes watchdog weakly whatsoever wheat white whoever width wishing wording writers writing""".split()
)
"""Ordinary words within a typo or two of a known one: none of them is ever repaired."""
