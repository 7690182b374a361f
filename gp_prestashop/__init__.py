"""gp_prestashop: one PrestaShop shop and one Microsoft Dynamics GP company, joined by Dagster pipelines."""
