"""What no source here holds or no metric tells, where it can be found, and how it could be had."""

from __future__ import annotations

TOPICS = """
vendor payables | not_in_data | what is owed to vendors is not read | It is in QuickBooks: Reports, A/P Aging. ;
  payable, payables, accounts payable, ap, a p, ap aging, a/p, owe vendors, owe subs, owe our subs, owe suppliers, we
  owe, owed to subs, owed to vendors, owed to suppliers, past due bills, bills due, unpaid bills, vendor bills, due to
  subs, due to vendors, bills outstanding, open bills, do we owe, retainage payable, retention payable, retainage
  owed, retainage we owe, retainage we hold, holding on subs, hold on subs, bills do we have, bills are due, what we
  owe, owe to, owing, i owe, owed to our subs, owing to, payables aging, overdue bills, behind on paying, held from
  subs, holding from subs, withholding from subs
receivables by age | not_in_data | unpaid owner invoices by age are not read | It is in QuickBooks: Reports, A/R
  Aging; what was billed and what was collected I can tell per job. ; receivable, receivables, accounts receivable,
  ar, a r, ar aging, a/r, owe us, owes us, owed us, overdue, past due, unpaid invoices, unpaid, days outstanding, dso,
  collect from, aging, slow payers, slow paying, late paying, outstanding invoices, open invoices, owed to us, owed
  by, outstanding receivables, aging report, days to pay, pay us, uncollected
spend with a vendor | not_in_data | cost by vendor is not a figure here | It is in QuickBooks: Reports, Expenses by
    Vendor; cost by cost code I can tell. ; vendor, vendors, supplier, suppliers, by vendor, worst sub, best sub,
  worst subs, best subs, my subs, our worst subs, worst subcontractor, best
  subcontractor, worst subcontractors, cheapest sub, priciest sub, favorite sub, reliable sub, sub performance, good
  sub, bad sub, top vendors, paid to subs,
  by sub, by subcontractor, per sub, which sub, which subs, which subcontractor, which subcontractors, biggest sub,
  biggest subs, top subs, top subcontractors
RFIs | not_in_data | RFIs are not read | They are in Procore: the RFIs tool of the project. ; rfi, rfis, requests for
  information, request for information
submittals | not_in_data | submittals are not read | They are in Procore: the Submittals tool of the project. ;
  submittal, submittals, shop drawing, shop drawings
the schedule | not_in_data | the construction schedule is not read | It is in Procore: the Schedule tool of the
  project. ; schedule, schedules, scheduled, critical path, behind schedule, ahead of schedule, on schedule,
  milestone, milestones, completion date, completion dates, finish date, end date, start date, substantial completion,
  lookahead, look ahead, gantt, delay, delays, delayed, when will, when does, when is, when do, when did, what date,
  what day, how late, running late, on time, late, deadline, duration, how long, days behind, days left, float,
  turnover date, when are, weeks behind, date, dates, liquidated damages, lds, days late, days ahead
safety | not_in_data | safety records are not read | They are in Procore: the Incidents and Observations tools. ;
  safety, incident, incidents, accident, accidents, osha, injury, injuries, near miss, near misses, trir, emr,
    recordables, recordable, got hurt, been hurt, anyone hurt, anybody hurt, was hurt, were hurt, get hurt, injured,
  toolbox talk, toolbox talks
documents and drawings | not_in_data | documents, drawings and photos are not read | They are in Procore: the
  Documents, Drawings and Photos tools. ; document, documents, drawing, drawings, photo, photos, picture, pictures,
  specs, specification, specifications, plans, blueprint, blueprints, pdf, file, files, email, emails, attachment,
  attachments, meeting minutes, minutes, correspondence, transmittal, transmittals, blueprints for, plan set, sheet,
  letter, upload
the contract's text | not_in_data | the text of contracts is not read | It is in Procore: the Prime Contracts tool,
  under Attachments. ; contract say, contract says, clause, clauses, terms of the contract, contract terms, contract
  language, exhibit, scope of work, indemnity, what does the contract, contract require, contract state, payment
  terms, notice period, warranty, warranties, liability
payment applications | not_in_data | payment application forms are not read | They are in Procore: the Invoicing tool
  of the prime contract. ; aia, g702, g703, pay app, pay apps, payment application, pay application, pay applications,
  payment applications, sov, schedule of values, lien waiver, lien waivers, lien, liens, waiver, waivers, draw request
tax | not_in_data | tax returns and tax advice are not here | Your accountant has them; QuickBooks: Reports, Sales Tax
  Liability. ; tax, taxes owed, our taxes, taxable, irs, 1099, 1099s, w2, w2s, w 2, deduction, deductions, deductible,
  income tax, sales tax, w9, use tax, look back, lookback interest, depreciation
financial statements | not_in_data | company financial statements are not figures here | They are in QuickBooks:
  Reports, Profit and Loss or Balance Sheet. ; balance sheet, profit and loss, p l, pnl, p and l, income statement,
  ebitda, ebit, equity, net worth, working capital, net income, trial balance, journal entry, journal entries,
  financial statements, financials, current ratio, debt, loan, loans, loc balance, shareholder, dividends, dividend,
  assets, liabilities, cash flow statement, credit card, credit cards, interest, quick ratio, chart of accounts,
  general ledger detail, bank fees, distributions, mortgage, rent, line of credit balance
cash to come | not_in_data | receipts and payments to come are not forecast | Expected collection dates are in no
  system; the cash position today I can tell. ; cash forecast, cash flow forecast, cash flow projection, cash
  projection, make payroll, cover payroll, run out of cash, project cash, forecast cash, cash needs, run out of money,
  cash runway, payroll next
bids and preconstruction | not_in_data | bids and prospects are not read | They are in your estimating or bidding
  system. ; bids, pipeline, prospects, prospect, bidding, proposal, proposals, hit ratio, win rate, preconstruction,
  precon, bid invitation, estimator, takeoff, takeoffs, leads, pursuit, pursuits, tender, tenders, bid on next, quote,
  quotes, rfp, rfps
people and crews | not_in_data | who works where is not a figure here | It is in Procore: the Timesheets and Crews
  tools. ; headcount, head count, employees, employee, how many people, how many workers, workers, worker, whos on
  site, who's on site, who is on site, on site, foreman, foremen, superintendent, superintendents, super, supers,
  carpenter, carpenters, laborer, laborers, crew size, staffing, hire, hired, hiring, vacation, pto, sick, timesheet,
  timesheets, time card, timecard, timecards, time cards, who worked, on site today, people on site, apprentice,
  apprentices, electrician, electricians, staff, men on site, union, certified payroll
equipment | not_in_data | equipment fleets and rentals are not read one by one | They are in your equipment system;
  cost by cost code I can tell. ; excavator, crane, cranes, forklift, skid steer, rental equipment, rentals, truck,
  trucks, utilization, fleet, fuel, tools, gps, backhoe, dozer, lift, generator
field records | not_in_data | daily logs, inspections and punch lists are not read | They are in Procore: the Daily
  Log, Inspections and Punch List tools. ; punch list, punchlist, punch items, punch, daily log, daily logs,
  inspection, inspections, observation, observations, quality, defects, defect, deficiency, deficiencies, concrete
  pour, concrete pours, deliveries, delivery, site visit, visitors, permit number, ncr, ncrs, daily report, daily
  reports, rain, walkthrough
insurance and bonds | not_in_data | certificates and bonding limits are not read | Your broker and surety have them. ;
  coi, cois, insurance certificate, insurance certificates, certificate of insurance, certificates of insurance,
  bonding capacity, bond capacity, surety limit, bond rate, bonding limit, additional insured, certificates, expired
  insurance, insurance expired
quantities | not_in_data | material quantities are not figures here | They are in Procore: the budget's unit
  quantities and the Daily Log. ; cubic yards, yards of, tons of, square feet, sqft, linear feet, sheets of, how many
  yards, price per square foot, per square foot, cost per square foot, per sf, per sqft, square foot, cy, unit cost,
  unit costs, quantity, quantities, lumber prices, inventory
addresses and contacts | not_in_data | addresses and contacts are not figures | They are in Procore: the Directory and
  the project's Admin page. ; address, phone, phone number, contact, contacts, contact info, email address, architect,
  engineer, directory, who is the owner, who's the owner, who is the pm, who's the pm, who is running, who runs,
  located, location, who manages, weather in, zip code, who is in charge
figures in time series | not_in_data | figures of every month at once are not told | Ask for one day, or since a day.
  ; by month, month by month, per quarter, by quarter, each month, over time, monthly trend, trendline, trend line,
  chart over time, year over year, history of, historical trend, every month, by week, quarter over quarter, timeline,
  week by week, each quarter, monthly breakdown
industry figures | external | figures of other companies are not here | Trade associations publish them. ; industry,
  industry average, benchmark, benchmarks, competitors, competitor, peers, market, national average, cfma, rsmeans,
  inflation, interest rates, interest rate, economy, tariffs, tariff, steel prices, lumber price, material prices,
  fed, recession, stock market, stock, housing market, gdp, election
the world outside | external | it is not about this company's figures | Ask about margin, cost, billing, change
  orders, labor or cash. ; weather, forecast for tomorrow, snow, president, super bowl, football, broncos, news,
  capital of, joke, poem, song, recipe, restaurant, lunch, dinner, pizza, movie, bitcoin, crypto, lottery, horoscope,
  sports, game, score of the traffic, time is it, meaning of life, haiku, birthday party, holiday, translate, python,
  chatgpt, javascript, essay, story, world cup, politics, flight, hotel near, airport, vacation spot, stock price,
  nfl, nba, who won, mayor, governor, population, bible, language model, wikipedia
one person's pay | personal | pay and personal data of one person are not told | Ask for labor cost or hours of a job
  or cost code. ; salary, salaries, paycheck, paychecks, pay rate, take home, bonus, bonuses, ssn, social security,
  social security number, home address, date of birth, raise for, compensation, his pay, her pay, gets paid, paid an
  hour, getting paid, hourly pay, make an hour, makes an hour, makes per hour, make per hour, w2 wages of, direct
  deposit, bank account number, garnishment, medical, personal, drug test, pay stub, pay stubs, earn per hour, earn an
  hour, pay of, earn a year, make a year, makes a year, individual pay, pay increase, commission, commissions,
  marital, disability, highest paid, paid employee, pay does, paid the most, pay scale
opinions | opinion | it asks for a judgement, not a figure | I can tell what the figures are. ; should we bid, should
  we, should i, do you think, your opinion, opinion, recommend, recommendation, recommendations, advice, advise us,
  good idea, what would you do, is it worth, who should, worth it, trust, whose fault, fault, to blame, blame, lazy,
  incompetent, fire him, best way to, how can we, how could we, how can i, how could i, how to improve, how do we
  improve, how should, suggest, suggestions, strategy, do you believe, dishonest, stealing, steal, fraud, padding,
  lying, liar, negligent, a good pm, a bad pm, a good job, smart, is it wise, feel about, like working, friendly,
  deserve, deserves, promote, good enough, bad pm, happy, screwed up, screwing up, at fault, sandbagging
legal advice | opinion | it asks for legal advice | Ask your counsel. ; sue, lawsuit, legal, illegal, lawyer,
  attorney, claim, claims, breach, litigation, arbitration, liable, mediation, dispute
help with the program | not_in_data | it is about using a program, not about a figure | See the product's help. ;
  password, log in, login, reset my, install, export to, settings, dark mode, how do i use, how does this work, who
  made you, who are you, what model, your name, api key, token, source code
"""
"""`topic | code | because | fix ; phrases`. Worth more than synonyms: knowing what is not here generalises."""
