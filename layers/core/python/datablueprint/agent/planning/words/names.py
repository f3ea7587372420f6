"""Words that many names hold: one of them names nothing unless another word of the name stands beside it."""

GENERIC = frozenset(
    """phase building buildings center centre office offices data hall site block level floor stage lot unit part
    bank city community commerce early learning food tech technology retail pad service services facility
    facilities maintenance credit union branch fellowship recreation renovation remodel medical municipal public
    works health development group properties property capital partners county town district water high mile front
    range housing authority peak company logistics communities senior fit expansion addition improvements
    improvement upgrade repair porch residence self fire park lake creek river ridge hills hill heights valley
    north south east west new old main street avenue first second national state university college campus plaza
    square place point house home center's security energy power light steel general american united western
    eastern southern northern central associates management animal charter tenant interior exterior shell core ph
    bldg ctr reno sta addn ii iii iv plant line lines will may grant mark rich frank art rose dean price young
    long best case king page ready hope joy sunny summer summit gate church change work""".split()
)

SHORT = """
apartments: apts, apt, apartment
building: bldg, bld
center: ctr, cntr, centre
hospital: hosp, hosptial
recreation: rec
medical: med
station: sta, stn
credit union: cu
washington: wash
elementary: elem
warehouse: whse, wh
community: comm
municipal: muni, mun
animal hospital: vet, vet hospital, vet hosp, vet clinic, veterinary, veterinary hospital
early learning: daycare, day care, preschool, pre school
fire station: firehouse, fire house, firestation
municipal court: courthouse, court house
medical office building: mob
self storage: mini storage, storage units
renovation: reno
creek: crk, ck
park: pk, prk
city: cty
union: untion
elizabeth: liz
georgetown: gtown, g town
lake: lk
street: st
school: schools
church: churches
townhomes: townhouses, townhome
maintenance: maint
""".strip()
"""How names are shortened or said otherwise: `words of the name: what people say`."""

CONNECTING = frozenset("job project site the in at of on out over our".split())
"""Words that may stand between two words of one name: 'the hotel job in Broomfield'."""
