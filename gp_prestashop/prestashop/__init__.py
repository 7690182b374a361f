"""The PrestaShop connector (1.7.8, 8.x): HTTP client, codec, resources, and the source that flows read from.

Facts were measured on real shops of 8.2.1 and 1.7.8.11; each is cited where it matters.
"""
