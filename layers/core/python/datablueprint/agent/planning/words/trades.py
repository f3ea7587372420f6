"""What people call the work of a cost code, by words of the code's own name."""

from __future__ import annotations

TRADES = """
cast in place concrete: cast in place, concrete, cip concrete, cip, flatwork, concrete work, ready mix, redi mix
concrete forming: formwork, forming, forms, concrete forms, form work
reinforcing steel: rebar, reinforcing, reinforcement, rebars
concrete finishing: finishing concrete, concrete finish
precast concrete: precast
unit masonry: masonry, brick, block work, cmu, bricks, brickwork
stone veneer: stone
structural steel: steel, structural, steel erection, iron
metal fabrications: misc metals, miscellaneous metals, metal fab, misc metal, metal fabs
rough carpentry: framing, rough framing, rough carp, lumber, carpentry, wood framing
finish carpentry: finish carp, trim, trim carpentry
architectural woodwork: millwork, woodwork, wood work
membrane roofing: roofing, roof
metal panels: metal panel, panels
doors and frames: doors, door and frames, hollow metal, door frames
storefront and glazing: glazing, storefront, glass, windows, curtain wall
door hardware: hardware
gypsum board: drywall, gyp board, gyp, sheetrock, gwb
acoustical ceilings: ceilings, acoustical, act, ceiling
flooring: floors, carpet, vct, lvt
painting: paint, painter, painters
casework: cabinets, cabinetry, cabinet
metal building systems: metal building, pemb
elevators: elevator
fire sprinklers: sprinklers, fire protection, sprinkler, fire sprinkler
plumbing: plumber, plumbers
plumbing fixtures: fixtures
hvac: mechanical, heating and cooling, air conditioning, ductwork, hvac work
controls: building controls
electrical: electric, elec, electrical work
lighting fixtures: lighting, light fixtures, lights
structured cabling: cabling, low voltage, data cabling, cable
fire alarm: fire alarms
earthwork: excavation, grading, dirt, dirt work, dirtwork, earth work, sitework, site work, exc
paving: asphalt, parking lot
fencing: fence
landscaping: landscape
site utilities: utilities, underground, wet utilities
permits and fees: permits, permit fees, fees
bonds and insurance: bonds, bond, insurance
general requirements: gcs, general conditions, gc's, gen conditions
superintendence: supervision, superintendent cost, superintendent labor, supervisory
testing and inspection: testing
temporary facilities: temp facilities, trailers, temporary, trailer, temp fac
construction equipment: equipment, equipment rental, rental equipment cost
final cleaning: cleaning, cleanup, final clean, clean up
selective demolition: demolition, demo
abatement: asbestos
waterproofing: water proofing
insulation: insul
food service equipment: kitchen equipment
specialties: specialty
"""
"""`words of the code's name: what people say`."""

COST_TYPES = """
L: labor, labour, crew
M: material, materials, mat'l, matl
S: subcontract, sub, subs, subcontractor, subcontractors, subcontracted, subcontracts
E: equipment, equip
O: other
"""

CONTRACT_TYPES = """
lump_sum: lump sum, lump sums, fixed price, stipulated sum, hard bid, lumpsum
unit_price: unit price, unit prices, unit priced
time_and_materials: time and materials, time and material, t and m, tm, t m, time materials
cost_plus_fixed_fee: cost plus fixed fee, cost plus a fixed fee, fixed fee
cost_plus_percent: cost plus a percentage, cost plus percentage, cost plus percent, cost plus a percent
cost_plus: cost plus, cost reimbursable
gmp: gmp, guaranteed maximum price, guaranteed maximum, guaranteed max, gmps
"""
