"""The stand-in shop: a program that answers reads as PrestaShop's webservice does (8.2.1 and 1.7.8.11)."""
