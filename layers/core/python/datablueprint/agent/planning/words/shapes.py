"""Words that say which form an answer should have: one figure, a list, an order, a change, a supposition."""

from __future__ import annotations

PHRASES = """
#worst: killing us, hurting us, killing me, hurting me, eating us alive, bleeding us, killing my, worst to best, worst
  first, from worst to best, worst, weakest, thinnest, poorest, ugliest, shakiest, sickest,
  most troubled, in trouble, problem, problem jobs, most at risk, troubled, dog, dogs, loser, losers, worst
  performing, stinker, bleeders
#best: best to worst, best first, from best to worst, high performers, best, strongest, healthiest, fattest, star,
  winner, winners, best performing
#most: highest to lowest, biggest to smallest, high to low, biggest first, highest first, largest first, descending,
  most to least, most, highest, largest, biggest, greatest, max, maximum, heaviest, largest amount of, biggest amount
  of, longest, largest share of, biggest share of, highest share of
#least: lowest to highest, smallest to biggest, low to high, smallest first, lowest first, ascending, least to most,
  least, lowest, smallest, minimum, min, fewest, slimmest, shortest, tiniest, skinniest
#top: top, leading
#bottom: bottom
cost #most: most expensive, costliest, most costly, priciest
cost #least: cheapest, least expensive, least costly
#rank: rank, ranked, ranking, rankings, order, ordered, sort, sorted, stack rank, leaderboard, stack up, line up,
  stacked
#list: list, listed, lists, show all, listing, rundown, table of, breakdown, break down, broken down, broken out,
  break out, split out, itemize, detail by, breakdowns, split, give me all
#which: anything, anyone, anybody, any of them, who all, which, what jobs, what projects, any jobs, any projects, are
  there any, do any, any of our jobs, any of our projects, who, any
#how_much: how many dollars, how many bucks, how many million, how much, how much is, how much are, how much was, how
  much were, how much do, how much did, how much does, how much have, how much has, how much will, how much of, how
  much of the, how much of our, how much of a
#how_many: how many, number of, count of, count
#each: each of our, each of the, each of my, every single, every one of our, each, every, per job, per project, for
  each, individually, job by job, project by project, respective, one by
  one
#by_project: by job, by project, for each job, for each project, per contract, by contract, each job, each project,
  every job, every project, job by job, project by project, for every job, on every job, on each job
#by_code: by cost code, by code, by cost codes, per cost code, by phase code, each cost code, by trade, cost codes, by
  codes, per code, across cost codes, all cost codes, by line item, by division, per trade, by budget line, line
  items, by line
#by_code #which: which cost codes, which codes, which cost code, what cost codes, which trades, which trade, what cost
  code, which code, what trades, what codes, what code, which lines, which line items, what trade, which scopes, what
  line items
cost_code: codes, cost code, code, trade, line item
#by_pm: by pm, by project manager, by manager, per pm, per project manager, which pm, which pms, which project
  manager, which project managers, each pm, what pm, by pms, each project manager, across pms, every pm, which
  manager, which managers, each manager, per manager, whose jobs, which of our pms, which of my pms, which one of our
  pms, which of the pms, across project managers, what project manager, which of our project managers, across our pms,
  by each pm
#by_customer: by customer, by owner, by client, per customer, per client, which customer, which customers, which
  client, which clients, which owner, which owners, by customers, each customer, each client, by owners, by clients,
  what customer, what customers, what client, which of our clients, per owner, what owner, which of our customers,
  each owner
#by_type: by contract type, by type of contract, per contract type, which contract type, which contract types, each
  contract type, which type of contract, by delivery type
#by_year: per closing year, closing year, each closing year, by the year they closed, by year they closed, by year
  closed, year closed, by closing year, by year closed, by closing year, by year of closing, by year,
  per year, by closed year
#by_change: by change order, each change order, each pending change order, individual change orders, each pco, each
  change, each co
#portfolio: portfolio, overall business, everything, business, across the board, the whole book, book of business, all
  our work, all the work, shop wide, all in all, whole portfolio, entire portfolio, all active work, the book, current
  work
#company: whole company, entire company, company wide, firm, the company, companywide, company level, corporate
at_completion #money_end: do we end up with, we end up with, are we left with, do we walk away with, do we get out of
  it
#all: all, whole, entire, full, complete list, both, every one of, each and every, every other
#jobs: jobs, projects, sites, job list, jobs list
#job: job, project, site, jobsite
#open: open, active, running, ongoing, in progress, in process, live, underway, under way, current jobs, current
  projects, under construction, still open
#closed: closed, finished, completed, closed out, wrapped up, done jobs, finished up, complete jobs, completed jobs,
  closeout
#notstarted: not started, haven't started, not yet started, upcoming, unstarted, have not started, yet to start,
  hasn't started, about to start, yet started, not begun
#pms: pm, pms, project manager, project managers, manager, managers
#customers: customer, customers, owner, owners, client, clients
#it: this, that, these, those, them, they, their, there, same, the same
#it #referring: it, its, this one, that one, same one, same job, this job, that job, this project, that project, the
  job, the project, same project
#and: and, plus, also, as well as, along with, and also, together with, and then
#versus: vs, versus, compared with, compared to, compare, comparison, side by side, comparing, next to, stack up
  against
#or: or
#since: since, than
#our: our, we, us, ours, the company's
#why: why, reason, reasons, reason for, cause, caused, causes, explain, explanation, driver, drivers, what's driving,
  driving, behind the, how come, bridge, walk, waterfall, what happened to, what happened, what is going on, account
  for, drove, what's behind, what is behind, due to
#changed: change, changed, moved, change in, movement, move, moved since, difference, swing, swung, delta, shift,
  shifted, what changed, what's changed, moving, compare now
#drift: go down, goes down, went, gone, go, come, go up, goes up, up, down, gone up, went up, went down, gone down,
  going up, going down, headed up, headed down, trend, trended, different, new
#changed: better or worse, get better or worse, gotten better or worse, got better or worse, getting better or worse,
  doing better or worse, better or worse off, up or down
#down: worse, drop, dropped, drops, fell, fallen, fall, falls, decline, declined, declining, decrease, decreased,
  decreases, dropping, slid, sliding, slide, shrink, shrunk, tank, tanked, worsened, deteriorated, slip, slipped,
  slipping, get worse, got worse, gotten worse, getting worse, dip, dipped, shrank, reduced, falling, sank, sunk
#up: better, rise, rose, risen, increase, increased, increases, grow, grew, grown, improved, improve, improving,
  gained, climb, climbed, jump, jumped, rising, raise, raised, rises, bumped, better now, get better, got better,
  gotten better, recover, recovered, growing
#faster: pick it up, pick up the pace, picks up the pace, step it up, faster, quicker, better productivity, more
  productive, speed up, sped up, more efficient
#slower: slower, less productive, longer, slow down, slowed down, lose productivity, less efficient, drag
#if: if, what if, whatif, assuming, suppose, supposing, scenario, hypothetically, let's say, pretend, in case, assume,
  were to, imagine, provided, run a scenario, what happens, happens, happens to, say they, say we, say the, say our,
  say all, switch, switching, switched, if we went to, what would happen
#iffy: say, should, once, after, when all, would, when
#approve: approve, approving, get approved, gets approved, comes through, come through, go through, goes through,
  signs, sign, sign off, signs off, are approved, is approved, came through, got approved, got signed, get signed,
  gets signed, approval, accept, accepts, win, won, went through, be approved, being approved, land all, all approved,
  greenlight, greenlit, all came in, all come in, agrees to, agree to, clear through
#approve #all: everything we asked for, gave us everything, gives us everything, give us everything, gave us
  everything we asked for, signs off on everything, okays everything, takes everything, approve everything, approves
  everything, signs everything, sign everything, every approval, approve them all, approve all of them, approves it
  all, everything gets approved, everything is approved, everything approved, all approved, all get approved, all come
  through
#reject #all: turn down everything, turns down everything, reject all of them, rejects all of them, turn them all
  down, turns them all down, reject everything thats pending, turn down everything thats pending, rejects every one,
  rejects all, kills all of them, say no to everything, says no to everything, denies everything, deny everything,
  throw them all out, throws them all out, turn down every, turns down every, signs nothing, nothing approved, zero
  approved, reject everything, rejects everything, rejects it all, reject them all, nothing gets approved, none get
  approved, none approved, none of them get approved, lose all, reject all of them
#reject: reject, rejecting, rejects, get rejected, gets rejected, deny, denies, get denied, gets denied, turn down,
  turns
  down, fall through, falls through, refuses, refuse, shot down, gets turned down, get turned down, gets shot down,
  never approved, kills, kill, killed, get killed, not get approved, don't get approved, aren't approved, are not
  approved, never get approved, doesn't get approved, isn't approved, don't come through, doesn't come through, don't
  go through, none of the, no approval, won't sign, refuses to sign, do not get approved, says no, say no to, doesn't
  approve, does not approve, throws out, nothing gets approved, eat all, eat
#release: release, released, releasing, don't use, isn't used, is not used, unused, not used, drop the, don't spend,
  not spent, turn loose, free up, freed up, don't need, aren't used, not need, never use
#pay_rate: raise in burden
#wip: wip, wip schedule, wip report, work in progress schedule, work in progress, work in process, wips, percentage of
  completion schedule, wip sheet, wip table, wip statement, work in progress report, contracts in progress schedule,
  schedule of contracts in progress, the schedule of wip
#scorecard: scorecard, score card, pm scorecard, pm scorecards, scorecards, report card, pm ranking, pm rankings, pm
  leaderboard, pm performance, manager performance, performance of our pms, pm scorecard
#deliver: delivers, deliver, delivering, performs, perform, performing, performance, performer, performers, runs, run,
  reliable, consistent performer, top performing, dependable
#fresh: data last, last come in, last came in, came in, come in from, last data, last load, last loaded, last heard
  from, fresh, freshness, up to date, stale, how old, last synced, last sync, synced, sync, last refresh, refreshed,
  last updated, out of date, when was the data, when did the data, how current, data health, health of the data, data
  quality, refresh, last pull, last refreshed, when did you last, data freshness, when was this updated, when was this
  last, how recent, latest data, current is the data, current is this data, how new, loaded, last import, imported, as
  current as, old is the data, old is this data, old is this
#unlinked: not linked, unlinked, unmatched, not matched, unmapped, missing links, not tied, unassigned, orphans,
  orphaned, not mapped, without a job, uncoded, needs review, need review, review queue, to review, linked, matched,
  tied to a job, not assigned, mismatched, mismatch, don't match, do not match, doesn't match, unlinked records, no
  job assigned, not coded
#ties: tie, ties, tie out, tie outs, tied out, reconcile, reconciles, reconciled, reconciliation, agree with
  quickbooks, agrees with quickbooks, foot, match quickbooks, match the books, match procore, tie to the gl, tie to
  quickbooks, tying out, books agree, in balance, systems agree, match up, agree with each other, match the gl, tie to
  the books, balance to
#coverage: coverage, covered, data gaps, gaps in the data, missing data, data missing, holes in the data, data
  problems, data issues, gaps, incomplete data
#data: job cost data, data, books, records, numbers, our systems, systems, feeds, quickbooks, procore, gusto, qb, qbo,
  feed, gl, general ledger, connections, payroll system, payroll feed, payroll data, info
#only: only, just, solely, instead, rather, narrow to, narrow it to, limit to, limit it to
#not: cant, can't, couldnt, couldn't, dont, havent, isnt, arent, wasnt, doesnt, didnt, hasnt, wont, ain't, aint,
  weren't, werent, wouldn't, wouldnt, haven't got, not, isn't, aren't, without, except, excluding, other than, excl,
  don't, doesn't, no, never, minus, but not, besides, apart from, exclude, ex, haven't, hasn't, didn't, won't, wasn't,
  cannot, none, neither, nor, ignoring, leaving out
#doing: doing, looking, how is, how are, stand, standing, faring, going, look like, looks like, look, looks, shaping
  up, shape, health, healthy, status, track, on track, holding up, okay, ok, performing
#was: was, were, did, had
#have: have, has, haven't yet
#half: half, some of, part of, a third, most of, two thirds, a quarter of, some
#compare_self: compare to before
"""
"""`#form: phrases`; forms never name a metric, but none may be left unused."""
