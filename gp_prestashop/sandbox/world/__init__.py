"""The sandbox's data: one invented trade, as the shop's rows and as GP's rows. Pure data, no servers."""

from gp_prestashop.sandbox.world.maps import value_maps
from gp_prestashop.sandbox.world.stream import OrderStream
from gp_prestashop.sandbox.world.world import World, generate

__all__ = ["OrderStream", "World", "generate", "value_maps"]
