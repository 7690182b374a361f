"""What each resource does beyond keeping its fields."""
