"""Stand-ins for both sides, for demonstration and tests: a shop and a Dynamics GP that speak the real wires."""
