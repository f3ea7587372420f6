"""Names as people type them: the same job, firm or person is spelled a little differently in every system."""

from __future__ import annotations

import random
from collections.abc import Iterator

PLACES = (
    "Harbor Larimer Cherry-Creek Washington-Park Baker Stapleton Lowry Sloans-Lake Highland Arvada Golden"
    " Lakewood Littleton Englewood Parker Castle-Rock Brighton Thornton Northglenn Westminster Broomfield"
    " Louisville Lafayette Erie Longmont Berthoud Loveland Windsor Greeley Evans Fort-Lupton Commerce-City"
    " Aurora Centennial Lone-Tree Highlands-Ranch Morrison Evergreen Conifer Bailey Idaho-Springs Georgetown"
    " Frisco Dillon Silverthorne Vail Avon Eagle Gypsum Glenwood Rifle Palisade Fruita Montrose Delta"
    " Gunnison Salida Buena-Vista Canon-City Pueblo Fountain Monument Elizabeth Kiowa Limon Bennett Strasburg"
    " Watkins Hudson Keenesburg Platteville Mead Niwot Gunbarrel"
).split()

BUILDINGS = (
    "Clinic Renovation|Elementary School Addition|Fire Station #|Community Center|Medical Office Building"
    "|Distribution Warehouse|Apartments Phase #|Public Library|Animal Hospital|Self Storage|Senior Living"
    "|Recreation Center|Charter School|Brewery Expansion|Water Treatment Building|Transit Center"
    "|Police Substation|Dental Offices|Parking Structure|Hotel Renovation|Tech Center Building #"
    "|Church Fellowship Hall|Credit Union Branch|Townhomes Phase #|Food Bank Warehouse|Maintenance Facility"
    "|Retail Pad #|Surgery Center|Early Learning Center|Municipal Court Remodel|Data Hall Fit-Out"
    "|Aquatics Center|Office Tenant Improvement"
).split("|")

STREETS = (
    "Alameda Colfax Broadway Federal Wadsworth Kipling Sheridan Quebec Havana Peoria Main Elm Cedar Pine Maple"
).split()

OWNERS = (
    "Front Range Health Partners|Mile High School District|City of Alder Creek|Pinon County Facilities"
    "|Summit Peak Development|Bluebird Senior Communities|Redstone Hospitality Group|Prairie Gate Properties"
    "|South Platte Water District|Columbine Credit Union|Aspenglow Charter Schools|Tallgrass Logistics"
    "|Foothills Veterinary Group|Mesa Transit Authority|Sandhill Storage Partners"
    "|Clearwater Brewing Company|Town of Quarry Bend|Larkspur County Public Works|Cornerstone Fellowship"
    "|Keystone Surgical Associates|Rocky Plains Food Bank|Westridge Capital|Gateway Retail Trust"
    "|Highline Housing Authority"
).split("|")

FIRST = (
    "James Maria Robert Linda Michael Elena William Rosa David Angela Richard Teresa Joseph Carmen Thomas"
    " Diane Carlos Susan Daniel Karen Luis Nancy Jose Lisa Anthony Betty Mark Sandra Steven Ashley Paul Donna"
    " Andrew Emily Joshua Michelle Kenneth Amanda Kevin Melissa Brian Deborah George Stephanie Edward Rebecca"
    " Ronald Laura Timothy Sharon Jason Cynthia Jeffrey Kathleen Ryan Amy Jacob Gloria Gary Victoria Nicholas"
    " Pamela Eric Martha"
).split()

LAST = (
    "Smith Garcia Johnson Martinez Williams Rodriguez Brown Hernandez Jones Lopez Miller Gonzalez Davis Perez"
    " Wilson Sanchez Anderson Ramirez Taylor Torres Thomas Flores Moore Rivera Jackson Gomez Martin Diaz Lee"
    " Reyes Thompson Cruz White Morales Harris Ortiz Clark Gutierrez Lewis Chavez Robinson Ramos Walker Ruiz"
    " Young Alvarez Allen Mendoza King Vasquez Wright Castillo Scott Jimenez Hill Moreno Green Romero Adams"
    " Herrera Baker Medina Nelson Aguilar Carter Vargas Mitchell Castro Roberts Fernandez Turner Guzman"
    " Phillips Munoz Campbell Salazar Parker Soto"
).split()

NICKNAMES = {
    "Robert": "Bob", "William": "Bill", "Michael": "Mike", "Richard": "Rich", "Joseph": "Joe", "Thomas": "Tom",
    "Daniel": "Dan", "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy", "Joshua": "Josh", "Kenneth": "Ken",
    "Edward": "Ed", "Timothy": "Tim", "Jeffrey": "Jeff", "Nicholas": "Nick", "Ronald": "Ron",
}  # fmt: skip

FIRMS = (
    "Volt Summit Granite Pioneer Ironwood Blue-Mesa Cascade Keystone Redrock Timberline Apex Sterling"
    " Foothill Big-Thompson Cottonwood Pikes Meridian Continental Juniper High-Plains Bighorn Silver-Fork"
    " Anvil Copperline Tri-Lakes Wolfcreek Longs-Peak Elkhorn Stonegate Badger Sawtooth Mesa-Verde Arrowhead"
    " Crestone Sangre Kestrel Osprey Falcon Raven Heron Northstar Southfork Eastgate Westbrook Clearview"
    " Fairplay Gold-Hill Leadville Ouray Telluride Ridgway Hartman Kessler Bremer Dahlgren Novak Petrov"
    " Okafor Lindqvist Haugen Moretti Bianchi Dubois Larsen Vogel Schaefer Keller Brandt Winkler Abbott"
    " Barlow Calloway Dunmore Eastman Farrell Gallagher Hollis Ingram Jarvis Kendrick Langley Maddox Norwood"
    " Oakley"
).split()

TRADE_WORDS = {
    "23-100": "Mechanical", "26-100": "Electric", "22-100": "Plumbing", "05-100": "Steel Erectors",
    "09-200": "Drywall", "07-500": "Roofing", "31-200": "Excavating", "33-100": "Utilities", "32-100": "Paving",
    "08-400": "Glass", "09-900": "Painting", "09-600": "Floors", "04-200": "Masonry", "21-100": "Fire Protection",
    "28-300": "Alarm Systems", "27-100": "Data Cabling", "14-200": "Elevator", "09-300": "Tile",
    "09-500": "Acoustics", "32-900": "Landscape", "02-820": "Environmental", "11-400": "Kitchen Equipment",
    "07-400": "Metal Panels", "03-450": "Precast", "13-340": "Metal Buildings", "23-900": "Controls",
    "07-100": "Waterproofing", "32-300": "Fence", "04-400": "Stone",
}  # fmt: skip
SUPPLY_WORDS = (
    "Ready Mix|Lumber|Building Supply|Rebar|Door and Hardware|Equipment Rental|Lighting Supply"
    "|Plumbing Supply|Casework|Industrial Supply|Site Services|Testing Laboratory|Insulation Supply"
    "|Ornamental Iron"
).split("|")
SUFFIXES = ("LLC", "Inc.", "Co.", "Inc", "LLC", "Corp.")

_SHORT = (
    ("Renovation", "Reno"), ("Elementary", "Elem"), ("Center", "Ctr"), ("Building", "Bldg"), ("Phase ", "Ph "),
    ("Community", "Comm."), ("Facility", "Facil."), ("Improvement", "Impr."), ("Structure", "Struct."),
    ("Addition", "Addn"), ("Warehouse", "Whse"), ("Hospital", "Hosp"), ("Apartments", "Apts"), ("Medical", "Med"),
    ("Station", "Sta."),
)  # fmt: skip
_SHORT_FIRM = (
    ("Mechanical", "Mech"), ("Electric", "Elec"), ("Supply", "Supp"), ("Equipment", "Equip"),
    ("Landscape", "Landscaping"), ("Fire Protection", "Fire Prot."), (" and ", " & "), ("Environmental", "Env."),
    ("Laboratory", "Lab"),
)  # fmt: skip


def project_names(rng: random.Random) -> Iterator[str]:
    """Endless distinct job names; two jobs never share both place and building."""
    pairs = [(place.replace("-", " "), building) for place in PLACES for building in BUILDINGS]
    rng.shuffle(pairs)
    for place, building in pairs:
        yield f"{place} {building}".replace("#", str(rng.randrange(1, 9)))


def firm_names(rng: random.Random, words: str) -> str:
    return f"{rng.choice(FIRMS).replace('-', ' ')} {words}"


def shortened(name: str, pairs: tuple[tuple[str, str], ...] = _SHORT) -> str:
    """The first abbreviation that applies, as an accountant would type it."""
    for long, short in pairs:
        if long in name:
            return name.replace(long, short)
    return name


def typo(rng: random.Random, name: str) -> str:
    """Two letters inside a word changed places."""
    at = [i for i in range(1, len(name) - 2) if name[i].isalpha() and name[i + 1].isalpha() and name[i] != name[i + 1]]
    if not at:
        return name
    i = rng.choice(at)
    return name[:i] + name[i + 1] + name[i] + name[i + 2 :]


def job_in_quickbooks(rng: random.Random, name: str, number: str, *, with_number: bool) -> str:
    """The job as bookkeeping entered it."""
    spelled = rng.choice((name, shortened(name), shortened(name), name.replace(" Phase ", " Ph. ")))
    if with_number:
        return rng.choice((f"{number} {spelled}", f"{spelled} ({number})", f"{number.replace('-', '')} {spelled}"))
    return typo(rng, spelled) if rng.random() < 0.2 else spelled


def similar(rng: random.Random, name: str) -> str:
    """A job name that is close to `name` and never equal to it."""
    short = shortened(name)
    return short if short != name else typo(rng, name)


def vendor_in_quickbooks(rng: random.Random, name: str) -> str:
    """The firm as accounts payable entered it: other suffix, abbreviation, or a slip of the finger."""
    bare = name
    for suffix in (" LLC", " Inc.", " Inc", " Co.", " Corp."):
        bare = bare.removesuffix(suffix)
    style = rng.random()
    if style < 0.45:
        return name
    if style < 0.65:
        return bare
    if style < 0.85:
        return f"{shortened(bare, _SHORT_FIRM)}, {rng.choice(('LLC', 'Inc'))}"
    return typo(rng, bare) if style > 0.95 else bare.upper()
