"""eConnect node procedures, one module each; `gp_prestashop.sandbox.gp.host` calls them by name."""
