"""The simulated contractor: `build_world` makes it, `collections` shows it as each vendor's system would.

In: a seed, a number of jobs, a day. Out: plain JSON records per vendor, and apart
from them the truth a perfect reader would reach. Knows nothing of the product.
"""

from local.sandbox.world.build import build_world
from local.sandbox.world.model import World
from local.sandbox.world.views import VendorCollections, collections

__all__ = ["VendorCollections", "World", "build_world", "collections"]
