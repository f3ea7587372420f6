"""What the field calls the parts of a figure's name; a phrase may bring several parts."""

from __future__ import annotations

PHRASES = """
price: price, prices, job price
given: did they give us, they gave us, were we given, allotted, did we get, do we get, give us
by_size: weight them by size, weighted by size, weighting by size, weight by size, size weighted, dollar weighted,
  weighted by contract, weighted by dollars
netting: before netting, without netting, no netting, dont net the good ones, don't net the good ones, dont net, don't
  net, not netted, not netting, without netting the bad, without netting the good, without the good ones
burn index: hours faster than progress, faster than progress, hours faster than the work, through hours faster than
  progress, hours faster than work, faster than the work, ahead of progress on hours, hours ahead of progress, faster
  than we make progress, faster than we are making progress, hours outrunning progress, outrunning progress, outpacing
  progress, hours versus progress, hours vs progress
own_forecast: pms' own forecasts, pms own forecasts, own forecasts, own forecast, pms own manual forecast, pms own
  manual forecasts, pm own manual forecast, pm's own numbers, pms own numbers
credit_line: line of credit, credit line, loc, what's left on the line of credit, undrawn, undrawn on the line of
  credit, what's undrawn on the line of credit, the line, unused line, available line, what is left on the line of
  credit, unused credit line, undrawn credit line
not_restricted: not counting restricted, excluding restricted, without restricted, not counting the restricted, less
  restricted, not including restricted, except restricted, other than restricted, net of restricted, without the
  restricted
restricted: restricted, tied up and can't be touched, can't be touched, can't touch, can't use, cannot be used, not
  free to use, set aside, locked up, off limits, in escrow, earmarked
unburdened: no burden, without burden, before burden, excluding burden, not burden, no taxes, no taxes no comp, no
  taxes or comp, leave the taxes and comp out, leave out taxes and comp, leave taxes out, without taxes, before taxes
  and benefits, no comp, not counting burden, less burden, taxes out, comp out, without the burden
margin: margin, margins, profit margin, profit margins, gm, gms, margin number, margin figure
gross margin: gpm, gmac, gross profit margin, gross profit percent, gp percent, gross profit percentage
profit: profit, profits, earnings, profitability, profitable, gain, gains, money we make, bottom line profit
gross profit: gp
gross: gross
net: net, after overhead, net of overhead, less overhead, minus overhead, including overhead, with overhead included,
  after oh, fully loaded, after home office, after g and a, after allocating overhead, once overhead is in
net profit: np, npac
net margin: nm, npm, net profit margin
bottomline: bottom line
loss: hurting on, hurt on, taking a beating on, getting killed on, losing, lose, loses, loss, losses, unprofitable, lost
money: money, dollars, bucks, cash money, dollar, dollar amount, dollar value, in dollars, usd
percent: percent, percentage, pct, percentages, as a percent, in percent, as a percentage, percent wise
make: leave us, leaves us, leave us with, leaves us with, make, makes, to make, making, earn, earning, clear,
  clearing, bring in, net us, earns, walk away with
made: made, earned us, cleared
cost: cost, costs, spend, spending, job cost, job costs, direct cost, direct costs, expense, expenses, total cost,
  expenditure, expenditures, outlay, costing
cost to_date: cost us so far, costs us so far, in it for, put into it, sunk into, put into, poured into, run up,
  racked up, been spent, we spent, we've spent, money spent, spent so far, spent to date, laid out, dropped on, blown
  so far, spent, jtd cost, jtd costs, actuals, actual cost, actual costs, cost incurred, costs incurred, burned
  through, gone through, sunk, job to date cost, job to date costs, cost so far, costs booked, cost booked, posted
  cost, posted costs
eac: eac, estimate at completion, estimates at completion, cost estimate at completion, eacs, final cost, forecasted
  final cost, all in cost, cost at completion, costs at completion, total projected cost, projected final cost,
  estimated final cost, estimated total cost, total estimated cost, forecast final cost, efc, fac, anticipated final
  cost, estimated cost, estimated costs, projected cost, projected costs, forecasted cost, forecast cost, cost
  forecast, end up costing, finally cost
etc: ftc, forecast to complete, left to spend, more to finish, remaining to spend, remaining to complete, left to
  complete, need to finish it, to finish the job, to finish it, to finish it off, to get it done, to wrap it up, to
  complete the job, still have to spend, have to spend, spend to finish, cost to complete, costs to complete, cost to
  finish, estimate to complete, ctc, cost to go, remaining cost, remaining costs, costs remaining, cost remaining,
  left to spend, to spend, costs left, cost left, estimated cost to complete, cost to completion, etc, still to spend,
  more to spend, remaining spend, left to go, cost to come, spend left, forecast to complete, estimated to complete,
  to be spent, still need to spend, cost it to finish, need to finish, cost us to finish, left in cost, more cost,
  cost to wrap up, more will it cost, money to finish, need to spend to finish, take to finish
size: how big is, how big are, how large is, size of, how big, how large
contract #paid: getting paid, we getting paid, we get paid, being paid, get paid for, getting paid for
contract: contract volume, dollar volume, volume of work, price of the job, job value, price tag, contract with the
  owner, contract value, contract values, contract amount, contract amounts,
  contract price, contract sum, value of the contract, value of contract, value of the contracts, contract, contracts,
  contract total, contract totals, contract size, job size, size of the contract, size of the job, contract worth,
  deal, prime contract, prime contracts, contract dollars, selling price
worth: worth
revised_contract: contract with approved change orders, contract with approved changes, contract including approved
  change orders, contract with approved cos, contract value with approved change orders, signed contract including
  approved cos, revised contract, revised contract value, signed contract value, executed contract value, revised
  contract amount, adjusted contract, adjusted contract value, revised contract sum, contract sum to date, contract
  signed so far, signed contract
revenue: revenue, revenues, sales, turnover, income, top line
co: ccos, oco, ocos, pccos, change work, extra work, extra work orders, added scope, change order, change orders, co,
  cos, variation, variations, changes, extras, variation order, variation orders, vo, vos
pco: pendings, the pendings, pending ones, pco, pcos, potential change order, potential change orders, cor, cors,
  change order request, change order requests, pending changes, pending change, pending extras, unapproved changes,
  unsigned changes, pco exposure, pcos outstanding
pending: waiting for an answer, sitting with owners, sitting with owners waiting for an answer, waiting on an answer,
  waiting for a signature, still waiting, sitting with the owner, waiting for the owner, not back from the owner,
  haven't signed, not yet signed, unsettled, not settled, in negotiation, up in the air, in the air, at risk, still
  pending, still sitting with the owner, owner is sitting on, owner sitting on, haven't been signed, sitting on the
  owner's desk, with the owner, in the owner's court, still out, hanging, hanging out there, floating, not decided,
  awaiting, waiting on, pending, unapproved, outstanding, undecided, unsigned, awaiting approval, not approved, not
  yet approved, waiting on approval, in limbo, unresolved, waiting for approval, not signed, waiting to be approved,
  open items, yet to be approved, still open, not been approved, haven't been approved, pending approval, waiting on
  the owner, awaiting the owner, submitted, unexecuted, not executed, pipeline of changes, unpriced
approved: approved, executed, signed, accepted, approved so far
rejected: rejected, denied, turned down, refused, declined
exposure: exposure
budget: budget, budgets, budgeted, cost budget
contract original: contract before any changes, contract before any change orders, base contract, base contract value,
  base contract amount, did we sign, contract before change orders, contract value before change orders, contract
  amount before change orders, contract before changes, contract excluding change orders, contract without change
  orders, contract amount excluding change orders
original: before any changes, before changes, before change orders, before any change orders, before any cos, before
  cos, the one from beginning, from beginning, from the beginning, at the beginning, in the beginning, originally
  carry, carry originally, originally carried, sign it for, signed it for, sell it for, sold for, take it for, took it
  for, win it for, won it for, bid it for, bid it, priced it at, when we signed, at signing, at contract signing,
  planned at bid, first budget, original plan, bid day, on bid day, original, originally, bid, as bid, as sold, at
  bid, at award, awarded, baseline, initial, initially, starting, day one, estimated at bid, at bid time, original
  estimate, at buyout time, bid time, we bid, in the bid, sold at, as awarded, at the start, from the start, when we
  bid it, going in, was bid, the estimate, sold it for, bid it at, job was bid, originally bid
revised: revisions in, revisions, revisions included, with revisions, with approved changes, including approved
  changes, with approved change orders, including approved change orders, plus approved changes, with approved cos,
  including approved cos, plus approved change orders, revised, adjusted, updated, amended
transfer: money around between budget lines, move money around between budget lines, move money around, moved money
  around, money around, moved around, moved across lines, got moved, shifted around, moved money between lines, move
  money between lines, move money between, moved money between, money moved between, transfers between budget lines,
  transfers between lines, moved between lines, transfers, transfer, budget transfer, budget transfers, modifications,
  modification, budget mods, budget mod, moved between, reallocations, reallocation, line transfers, shifted between
unbalanced: wash out to zero, wash out, do they wash out, net to zero, add up to zero, sum to zero, net out, net to
  zero, net to nothing, add money, added money, added to the budget, unbalanced, out of balance, do not balance, don't
  balance, not balanced
committed: sub and po, subs and po, po, under contract with subs and suppliers, subs and suppliers, signed
  subcontracts and pos, signed
  subcontracts, signed pos, subcontracts and pos signed, under contract with subs, tied up in subs and pos, tied up in
  commitments, let so far, subs and pos, pos and contracts, subcontracts and purchase orders, sub contracts, written
  contracts, locked in, committed, commitments, commitment, committed cost, committed costs, subcontracts and pos, pos
  and subs, purchase orders, pos, bought, bought so far, subcontracts, subs under contract, signed subs, contracted
  with subs, let to subs, committed to subs, bought out so far, pos and subcontracts
invoiced: invoiced on commitments, invoiced against commitments, invoiced by subs, subs have invoiced, subs have
  billed, sub billings, sub invoices, subcontractor invoices, subcontractor billings, subs billed us, subs invoiced,
  invoiced against, billed against commitments, subs have billed us, subcontractors have billed, subcontractors billed
  us, subs billed
left: how much more, more will, more to, left over, left, remaining, remain, remains, still to come, to go
unused: hasn't been billed, hasn't been invoiced, hasn't billed, hasn't invoiced, hasn't been billed to us, hasn't
  been invoiced to us, hasn't been billed yet, hasn't billed to us, hasn't billed us, hasnt been billed, hasnt been
  invoiced, hasnt billed, hasnt invoiced, hasnt been billed to us, hasnt been invoiced to us, hasnt been billed yet,
  hasnt billed to us, hasnt billed us, haven't been billed, haven't been invoiced, haven't billed, haven't invoiced,
  haven't been billed to us, haven't been invoiced to us, haven't been billed yet, haven't billed to us, haven't
  billed us, havent been billed, havent been invoiced, havent billed, havent invoiced, havent been billed to us,
  havent been invoiced to us, havent been billed yet, havent billed to us, havent billed us, has not been billed, has
  not been invoiced, has not billed, has not invoiced, has not been billed to us, has not been invoiced to us, has not
  been billed yet, has not billed to us, has not billed us, have not been billed, have not been invoiced, have not
  billed, have not invoiced, have not been billed to us, have not been invoiced to us, have not been billed yet, have
  not billed to us, have not billed us, not been billed, not been invoiced, not billed, not invoiced, not been billed
  to us, not been invoiced to us, not been billed yet, not billed to us, not billed us, not yet been billed, not yet
  been invoiced, not yet billed, not yet invoiced, not yet been billed to us, not yet been invoiced to us, not yet
  been billed yet, not yet billed to us, not yet billed us, isn't been billed, isn't been invoiced, isn't billed,
  isn't invoiced, isn't been billed to us, isn't been invoiced to us, isn't been billed yet, isn't billed to us, isn't
  billed us, isnt been billed, isnt been invoiced, isnt billed, isnt invoiced, isnt been billed to us, isnt been
  invoiced to us, isnt been billed yet, isnt billed to us, isnt billed us, hasn't yet been billed, hasn't yet been
  invoiced, hasn't yet billed, hasn't yet invoiced, hasn't yet been billed to us, hasn't yet been invoiced to us,
  hasn't yet been billed yet, hasn't yet billed to us, hasn't yet billed us, wasn't been billed, wasn't been invoiced,
  wasn't billed, wasn't invoiced, wasn't been billed to us, wasn't been invoiced to us, wasn't been billed yet, wasn't
  billed to us, wasn't billed us, haven't billed us for, havent billed us for, not billed us, haven't billed us,
  haven't invoiced, have not billed, have not invoiced, yet to bill, yet to invoice, still to bill, still to be
  billed, still to invoice, uninvoiced, unbilled, not invoiced, not yet invoiced, not billed, un invoiced, to be
  invoiced, left to invoice, left on
range: range, ranges, spread of estimates
savings: save, saved, saving, savings
buyout: buying out, buying gain, purchasing gain, purchasing savings, buyout, buy out, buyout gain, buyout savings,
  buyout gains, buyout gain loss, savings on buyout, bought out, buyouts
at_completion: all said and done, said and done, est, compl, at compl, at completion, at the completion, at complete,
  at final completion, on completion, upon completion, when complete, when completed, when done, when finished, when
  it is complete, when it is completed, when it is done, when it is finished, when they are done, at the end, in the
  end, headed, heading, head, final, projected, expected, expect, expecting, forecast, forecasted, forecasts,
  estimated, anticipated, eventual, will, going to, gonna, expected to, projected to, end up, finish at, finishes at,
  finishes, ends up, ends at, end at, end with, lands at, lands, comes in at, ends up at, ends up with, finish with,
  finish up at, come out at, come in at, ending, end up with, finish, finishing, when all is said and done, wind up,
  once it is done, once done, when we are done, when we're done, when it's done, when the job is done, when the job's
  done, land, landing, land at, come out to, forecasting, projecting, projection, projections, eventually, wrap up,
  we'll, it'll, they'll, at finish, by the end of the job, at the end of the job, completion, final number, on track
  to, trending to, trending, tracking to, come in, end of job, outlook, ultimately, by the time we finish, when it
  wraps, finally
to_date: absorbed, eaten, been charged, picked up, taken on, soaked up, to date, so far, thus far, up to now, until
  now, to now, till now, up to today, already, yet, incurred, job to date, project to date, jtd, itd, ptd, as of yet,
  through today, actual, actually, have we, has been, inception to date
current: now, right now, currently, current, presently, at the moment, as of now, these days, today's, latest,
  present, at present
total: total, in total, sum, combined, together, altogether, overall, all in, aggregate, totals, grand total,
  cumulative
variance: variance, variances
variance at_completion: over under on budget, finish over or under budget, over or under budget, under or over budget,
  over under budget, variance to budget at completion, cost variance at completion, vac, variance at completion,
  budget variance at completion
underbudget: under budget, below budget, beneath budget, came in under, savings to budget, under the budget, under
  run, underrun, underruns
overbudget: bust budget, bust, blow budget, codes running over, codes that lost, losing codes cost us, losing codes,
  bad codes, going to bust, bust their budget, over their budget, over on budget, blow, blowing, blew, over by, in the
  hole, going over, gone over, went over, over on, over budget, overbudget, above budget, over the budget, overrun,
  overruns, budget overrun, budget overruns, cost overrun, cost overruns, exceeded budget, blown budget, blowing the
  budget, blew the budget, exceeding budget, busting the budget, busted, past budget, running over, over runs, busted
  budget, blown through budget, blown the budget, bust the budget, over on
budget_status: on budget, versus budget, vs budget, compared to budget, against budget, relative to budget, against
  the budget, budget vs actual, budget versus actual, actual vs budget, budget status
markup: markup, mark up, markups
contingency: contingency left, contingency, contingencies
best_case: rosiest, most favorable, most favourable, best possible, lowest possible, at best, best case, most
  optimistic, low side, lowest reasonable, low end, lowest method, lowest of the methods, low estimate of, optimistic,
  low range
worst_case: ugliest case, at worst, worst possible, highest possible, method is most pessimistic, most pessimistic
  method, worst case, most pessimistic, high side, highest reasonable, high end, highest method, highest of the
  methods, pessimistic, high range
method_E1: commitments plus uncommitted budget, commitments plus the uncommitted budget, committed plus what is left
  of budget, commitments plus the rest of the budget, committed plus remaining budget, committed plus uncommitted
  budget, committed plus uncommitted, e1, method e1, committed method, procore method, commitment method
method_E2: budget or actual whichever is bigger, greater of budget or actual, budget or actual whichever is higher,
  higher of budget or actual, larger of budget or actual, budget or actual as the estimating method, whichever is
  bigger budget or actual, budget or actual, e2, method e2, budget or actual method
method_E3a: earned value assuming the trend keeps going, earned value trend, earned value if the trend keeps going,
  current cpi, cpi trend, at the current cpi, trend continues, if the trend continues, assuming the trend continues,
  trend keeps going, earned value, earned value trend, e3a, method e3a, earned value method, cpi method, e3
method_E3b: rest of the work done at budget rate, rest of the work at budget rate, rest done at budget rate, remaining
  work at budget rate, rest at budgeted rate, rest of the work at budget rates, at budget rate from here, rest at the
  budgeted rate, what is left at budget rate, earned value the rest at budget rate, rest at budget rate, e3b, method
  e3b, earned value at budget rate, rest at budget
method_E3c: cost and schedule index both, cost and schedule index, cost and schedule indexes, cost and schedule
  indices, cpi times spi, cpi and spi both, cost and schedule performance, both indexes, cpi x spi, both cost and
  time, cost and time trend, earned value trend in cost and time, cost and time, e3c, method e3c, earned value in cost
  and time, cpi and spi
method_E4: labor hours only, going off labor hours, going off labor hours only, off labor hours, by labor hours and
  progress, by hours and progress, hours at the progress rate, labor hours and progress, labor hours productivity
  method, productivity method, labor hours at the rate of progress, e4, method e4, labor hours method, hours method,
  labor progress method, labor productivity method, hours based, labor hour method
method_E5: weekly burn runs to the planned finish, burn rate to planned finish, weekly burn to the planned finish, at
  the weekly burn, weekly run rate to the finish, burn to planned finish, if the weekly burn runs to the planned
  finish, burn rate to the planned finish, e5, method e5, burn rate method, run rate method, run rate, time based
  method
method_E6: pms own manual forecast, pms own manual forecasts, pm own manual forecast, own manual forecast, pms manual
  forecast, pm manual forecast, pm own forecasts, pm own forecast, pm forecasts, pms forecast, pms own forecast,
  forecasts of the pm, pm's own forecast, manual forecast, e6, method e6, manual forecasts, manual forecast on top of
  projected cost, pm's forecast, pm forecast, manual method, manually forecasted
cpi: cpi, cost performance index, cost performance
tcpi: tcpi, to complete performance index
overhead: keep the lights on, keeping the lights on, keep the lights on in the office, run the office, running the
    office, keep the doors open, the office, pay for the office, office overhead, home office expense, office expense,
  overhead charged,
  overhead carried, corporate overhead, office costs, overhead costs, overhead cost, overhead dollars, overhead
  expense, share of overhead, overhead share, company overhead, overhead load, overhead, oh, g and a, home office
  overhead, home office cost, home office costs, ga, home office, indirects, overheads, office overhead, general and
  administrative, indirect costs, indirect cost
overhead pool: overhead pool, oh pool, pool of overhead, indirect pool, indirect cost pool, pool of indirects
months12: trailing 12, trailing twelve, a year, last year of, per year, last 12 months, past 12 months, trailing 12
  months, trailing twelve months, last twelve months, ttm, t12, 12 months, past twelve months, trailing year, past
  year, annual, a year, yearly, last 12 mos, twelve months, over a year, rolling 12 months, rolling year, 12 month
month: of the month, this month's, monthly, a month, for the month, per month
rate: rate, rates
base_OA1: direct labor dollar basis, labor dollar basis, direct labor basis, labor cost basis, labor $, direct labor,
  labor dollar, per labor dollar, by labor dollars, basis of labor cost, pct of direct labor cost, pct of labor cost,
  percent of labor cost, percent of direct labor cost, direct labor cost, on direct labor cost, labor dollars, on
  labor dollars, direct labor dollars, on labor cost, by labor cost, oa1, based on labor cost, by labor dollars,
  allocated on labor cost, using labor cost, spread by labor cost, base oa1, as a percent of labor
base_OA2: labor hours basis, direct labor hour basis, labor hour basis, field labor hours, per field labor hour, per
  direct labor hour, per crew hour, by labor hours, field hours, by field hours, on hours, hours basis, per man hour
  worked, per hour of labor, direct labor hours, on direct labor hours, on labor hours, by labor hours, oa2, based on
  labor hours, allocated on labor hours, per labor hour, using labor hours, by direct labor hours, spread by labor
  hours, spread over labor hours, by hours, labor hour basis, base oa2
base_OA3: revenue basis, on earned revenue, by earned revenue, earned revenue basis, pct of revenue, against revenue,
  on a revenue basis, percent of earned revenue, per dollar of revenue, on revenue, by revenue, on earned revenue,
  oa3, based on revenue, allocated on revenue, using revenue, percent of revenue, by earned revenue, spread by
  revenue, of revenue, base oa3, allocated by revenue
base_OA4: direct cost basis, total cost basis, direct costs basis, on a direct cost basis, pct of direct cost, percent
  of total direct cost, per dollar of direct cost, on total cost, by direct costs, cost basis, total direct cost, on
  total direct cost, on direct cost, by direct cost, oa4, based on direct cost, allocated on direct cost, on direct
  costs, using direct cost, by total direct cost, percent of direct cost, spread by direct cost, of direct cost, base
  oa4, by cost, on cost
break_even: stops making money, stop making money, makes nothing, earns nothing, make nothing, stops earning money,
  breaks even, break even, breakeven, break evens
labor: crew time, the guys, hands, labors, our guys, our own guys, our crews, my crews, our crew, in house labor, self
  perform work, own labor, labor, labour, labor work, self perform, self performed, crew, crews, field labor, own
  forces, self perform labor, man power, manpower, guys, payroll
burdened: burdened, loaded, fully burdened, with burden, including burden, all in labor, burden included
wages: raw wages, wages paid, wages no taxes, just wages, wages only, wages, wage, base wages, gross wages, gross pay,
  raw labor, bare wages, unburdened labor
burden: payroll taxes, payroll taxes comp and benefits, employer taxes, fringes, fringe, taxes and comp, comp and
  benefits, workers comp, work comp, benefits on top of wages, taxes comp and benefits, comp, benefits, on top of
  wages, workers comp burden, labor burden cost, burden, labor burden, payroll burden, payroll taxes and benefits,
  employer taxes and benefits, taxes and benefits
standard: standard
hours: hours spent, spent hours, hours put in, man hours, hours, man hours, manhours, labor hours, hrs, mh, mhs, man
  hrs, hours worked, worked hours
per_hour: per hour, an hour, hourly, per man hour, hourly rate, each hour, per labor hour, cost per hour
overtime: overtime, ot, overtime premium, ot premium, overtime pay, time and a half
premium: premium
per_week: weekly run, per wk, a wk, wkly, per week, a week, weekly, each week, every week
weeks1: last week alone, in the last week, last complete week, last week's, last full week, past week, latest week
weeks4: last four weeks' pace, last four weeks pace, pace of the last four weeks, four weeks pace, last 4 weeks pace,
  last 4 complete weeks, last four weeks, last 4 weeks, past four weeks, past 4 weeks, trailing 4 weeks, four week, 4
  week
weeks8: two month, two months, 8 week average, eight week average, last 8 complete weeks, last eight weeks, last 8
  weeks, past eight weeks, past 8 weeks, trailing 8 weeks, eight week, 8 week
burn: this pace, pace like this, run rate on labor, labor run rate, labor pace, hours pace, burn, burn rate, burnout
  rate, burnrate, labor burn, labor burn rate, burning, burning through, run through, pace, burnout, at the pace, at
  this pace, current burn, current pace
index: index
progress: quantities in place, by quantities in place, installed quantities, by installed quantities, going by
  installed quantities, quantities installed, in place, work in place, installed, progress, production progress,
  physical progress
weeks_left: runs out of labor budget, run out of labor budget, runs out of hours, run out of hours, run out of labor
  hours, run out of labor budget, until hours run out, hours run out, before we run out of hours, hours are gone,
  hours will last, hours last, labor budget last, labor budget lasts, weeks left, weeks of labor budget left, weeks
  remaining, weeks of budget left, weeks do we have, weeks of labor left, weeks of hours left, many weeks, weeks will,
  weeks of labor budget, weeks of work left
by_progress: productivity stays what it has been, productivity stays what its been, productivity stays, productivity
  stays the same, per progress, at the productivity so far, going by progress, if productivity holds, productivity
  holds, at the rate of progress so far, going by the progress, by progress, progress based, based on progress
by_time: to the planned finish, til planned finish, till planned finish, until planned finish, to planned finish, pace
  holds to the planned finish, pace holds, stays this size, stay this size, crew stays this size, through the planned
  finish, by the calendar, planned finish, by time, time based, based on time, time wise
by_budget: by budget, budget based, based on budget
fade: fade from bid, bid to final, from bid to final, gives back, gave back, given back, gave up, given up, gives up,
  gained or faded, gain or loss versus bid, since bid, since award, since we bid it, since we bid, since the bid,
  since original, from what we bid, fade, faded, fading, fader, faders, gain or fade, gain fade, margin fade,
  slippage, slipped from bid, fades, job fade, versus bid, vs bid, compared to bid, against bid, from bid, versus
  original, vs original, compared to original, below bid, slip from bid, than bid, than we bid, margin slippage
relative: share of their bid profit, biggest share of their bid profit, share of bid profit, share of the bid profit,
  part of their bid profit, share of the profit they were bid with, share of its bid profit, share of bid profit,
  share of original profit, share of the profit, percent of bid profit, percent of the profit as bid, share of profit,
  percentage of original profit, relative, relatively, share of the profit as bid, as a share of original profit,
  percent of original profit
erosion: losing it, losing margin on, erosion, eroding, eroded, cost code erosion, erode, erodes, margin erosion, cost
  erosion, budget erosion, bleeding, code erosion
code_gain: good codes gain us, good codes, codes that gained, winning codes, codes that gain, codes that came in
  under, gain on the good codes, codes under budget, good cost codes, gains on cost codes, gain on cost codes, gross
  gain, gaining cost codes, code gains, cost code gains, gain on codes
code_performance: fade from cost codes, fade from the cost codes, fade from the codes, from cost codes, from the cost
  codes, from codes running over, from codes, performance of the cost codes, cost code performance, performance of
  cost codes, performance of codes
change_fade: change orders making us money, making us money on change orders, price minus the cost budget they added,
  price less the cost budget they added, change orders make us money, made on the change orders, make on the change
  orders, margin brought by approved changes, margin on approved changes, margin from change orders, profit on change
  orders, margin brought by change orders, margin on change orders, profit from change orders, change order margin,
  change order profit, made on change orders, make on change orders, markup on change orders, margin from approved
  changes, margin on cos, profit on approved change orders, margin on approved change orders, profit from approved
  change orders, made on approved change orders, profit on cos
price_fade: price savings split and that kind of thing, savings split, from price, price changes, price adjustments,
  from pricing, other price effects, price effects
share: percent of the contract, percentage of the contract, pct of contract, pct of the contract, of the contract in
  percent, relative to the contract, as a share of the contract, points of the contract, share of contract, points of
  contract, points of contract value, as a share of the contract value, percent of contract value, share of contract
  value, percent of contract, in points of contract value, as a percent of contract, relative to contract value
points: points, pts, point
efficiency: hours side, productivity side, production efficiency, labor production, efficiency, productivity, labor
  efficiency, labor productivity, efficient, productive
unbudgeted: nobody budgeted, no one budgeted, noone budgeted, nobody ever budgeted, wasn't in the budget, not in
  budget, never budgeted, never had a budget, never had budget, wasn't budgeted, was never budgeted, had no budget,
  have no budget, no budgeted hours, unbudgeted, not budgeted, without a budget, no budget, not in the budget
hours allowed: earned hours, allowed hours, hours earned
allowed: allowed, should have taken
every_pending: if every pending change is approved, with every pending change
approve_all: if all pending is approved, all pending approved
codes_no: zzz
without_margin: cost us every dollar they bring in, cost us every dollar they bring, costs every dollar it brings,
  cost every dollar they bring in, cost every dollar they bring, but costs every dollar it brings, but cost every
  dollar they bring, cost all they bring, make nothing on, no profit on them, zero margin on them, cost as much as
  they bring in, but we make nothing on them, with no profit in them, cost what they bring, at zero markup, break even
  on them, cost exactly what they bring in, without margin, at no margin, with no markup, at cost
weighted: at our normal odds, our normal odds, with our normal odds on, with our normal odds, normal odds, usual odds,
  usual hit rate, our usual hit rate, at our usual hit rate, usual co hit rate, our usual co hit rate, normal hit
  rate, at the usual rate, usual win rate, our usual approval rate, approval odds, odds, typical approval rate,
  historical approval, usual approval, how many we usually get, at our usual rate, our batting average, batting
  average, normal rate of approval, realistically given, we usually get approved, usually get approved, usually
  approved, normally get approved, typically get approved, we normally get approved, weighted, probability weighted,
  risk weighted, likely, expected value, historical approval rate, usual approval rate, hit rate, own rate of
  approval, usual rate, probable, realistic, historical rate, normal approval rate
done: is done, done, is finished, wraps, is all done
percent_complete: % done, percentage done, complete are we, complete is, how much is done, how much is complete, how
  much of the job is done, done is, completion rate, far along is, percent complete, percentage complete, percent
  completed, percent completion, percent of completion, percent done, percent finished, how complete, how completed,
  how finished, how far along, far along, how done, pct complete, complete percent, completion percentage, completion
  percent, pct done, complete, percent through, done percent, percentage of completion, poc, how far are we, along,
  completion status, through the job, percent completes, percent billed complete
earned: earned, earned to date, recognized, recognised, earn to date
earned revenue: earned revenue, revenue earned, recognized revenue, revenue recognized, earned income, revenue
  recognised, revenue to date
cost_of_revenue: cost of revenue, cost of revenues, cost of earned revenue, cogs, cost of sales
earned profit: earned gross profit, earned profit, profit to date, profit earned, gross profit earned, profit
  recognized, recognized profit, gross profit to date, profit so far, gp to date, earned gp, gp earned, recognized
  gross profit
billed: did we bill, do we bill, we bill, have we billed, bill the owner, bill the client, bill, billed the client,
  billed the customer, sent out in invoices, invoiced out, sent invoices for, requisitioned, billed for, billed the
  job, bill to date, billed on, billed, billings, billing, billed to date, invoiced, progress billings, billed out, we
  billed, invoiced the owner, owner billings, billed the owner, invoiced to date, billed so far, owner invoices,
  drawn, billed to owner, invoiced customers, invoiced the client, billed amount
overbilled: overbilled, over billed, overbilling, overbillings, over billing, over billings, billings in excess,
  billings in excess of costs, billings in excess of cost, ahead on billing, billing ahead, bie, ahead on billings,
  front loaded, billed ahead, ahead in billings
underbilled: underbilled, under billed, underbilling, underbillings, under billing, under billings, costs in excess of
  billings, costs in excess, behind on billing, cie, behind on billings, behind in billing, cost in excess of
  billings, billed behind
over_under: over under, over and under billings, overbilled or underbilled, over or underbilled, over under billing,
  over under billings, over and underbilled, over or under billed, overbilled and underbilled, over and under billed,
  over underbilled, over and under billing, over or under billing, overs and unders, underbilled or overbilled, over
  under billed, overbillings and underbillings, over or underbilling
retainage: held retainage, held retention, owes us retention, owes us retainage, owe us retention, owe us retainage,
  retainage owed, retention owed, held by owners, holding from us, hold from us, withholding, withheld from
  us, retainage, retention, retainage receivable, retentions, holdback, holding back, held back, withheld, holdbacks,
  retained by owners, retainage held, held in retainage, retainage balance, being held, hold back
backlog: work do we still have on the books, work still on the books, work on the books, work is left on the books,
  work left to burn off, work to burn off, left to burn off, burn off, still to build, left to build, work ahead of us,
  work under contract left, left to burn, left in backlog, contract left, left to do in dollars, work still to
  do, work we have left, work left, backlog, work on hand, unearned, work left to earn, left to earn, remaining
  revenue, revenue left, remaining performance obligation, rpo, backlogged, revenue remaining, work in hand, work
  still to earn
loss_provision: book a loss, book losses, accrue a loss, accrue for a loss, reserve for a loss, set aside for losses,
  loss accrual needed, loss accruals, loss provision, provision for loss, provision for losses,
  provision for anticipated loss, loss reserve, anticipated loss, provision for anticipated losses, loss accrual, loss
  provisions, provision, loss contract provision, reserve for losses
pm_jobs: closed jobs of the manager, jobs finished by, jobs closed by, closed job count, number of closed jobs, how
  many closed jobs
mean: mean, average, avg, typical
deviation: spread, standard deviation, consistency, consistent, deviation, consistently, volatility, spread of
  margins, variation in margin, std dev
credibility: credibility, credible
score: manager score, credibility weighted margin, adjusted margin, score, scores, scorecard margin, pm score,
  scorecard score
lower_end: lower end, low end of the interval, lower bound
upper_end: upper end, high end of the interval, upper bound
within_variance: variance within managers, within variance, within manager variance
between_variance: variance between managers, between variance, between manager variance
cash: job cash, cash into, cash tied up, cash, cash balance, cash on hand, cash in the bank, bank balance, in the
  bank, cash position, bank balances, cash at bank, money in the bank, in our bank accounts, cash flow position, cash
  flow, checking account, cash standing
restricted_cash: restricted cash
liquidity: liquidity, liquid, cash and credit, cash plus credit line, cash plus line of credit, available cash and
  credit, cash including the line
paid: paid, have paid, pay
cash_in: did we collect, have we collected, we collected, collect, cash we collected, did we receive, have we
  received, we received, been paid by the owner, owner paid to date, paid to date by the owner, paid so far by the
  owner, gotten paid, got paid, been paid, brought in, cash brought in, collected, received, cash in, cash received,
  collections, paid us, cash collected, collected to date, receipts, money received, payments received, money in,
  owner has paid, owner paid, taken in, customer payments, owners have paid, owner paid us
cash_out: cash gone out, gone out the door, cash spent, cash we paid, shelled out, paid out, cash out, cash paid,
  disbursed, disbursements, money out, cash paid out, payments made, out the door
cash_positive: cash positive
cash_negative: cash negative
subs: sub, subs, subcontractor, subcontractors, subcontract
keeps_going: keep burning like they are, keeps burning like it is, keep going like they are, keep burning hours like
  they are, keep burning like this, keeps going at the current burn, keep going at the current burn, keeps going at
  current burn, keeps going at this pace, goes on like it is now, stays like it is, stay like they are, keep this up,
  keeps this up, keeps burning, keep burning, keeps going, keep going, hours keep going, keeps going like it is, keeps
  going as it does now, keeps going like this, keeps going at this rate, goes on as it does now, goes on like this,
  continues like this, keeps up like this, keeps burning like this, keep going like this, keeps going the way it is,
  continues as is, stays at this pace, keeps this pace
projected_labor: projected labor, labor projection, projected labor cost
weighted_margin: weighted margin
without_overbilling: take away the overbilling, take out what we overbilled, if you take out what we overbilled,
  taking out what we overbilled, backing out overbilling, if you take away the overbilling, take out the overbilling,
  taking out overbilling, take out overbilling, back out overbilling, back out the overbilling, strip out overbilling,
  if you take out the overbilling, if you take out overbilling, excluding overbillings, without the overbillings,
  without overbilling, excluding overbilling, net of overbilling, less overbilling, without the overbilling, ignoring
  overbilling
"""
"""`parts: phrases`; the longest phrase at a place is the one that is read."""
