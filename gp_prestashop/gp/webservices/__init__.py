"""The other writer: documents through Dynamics GP's web services (zeep), for sites that allow no procedure calls."""
