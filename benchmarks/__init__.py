"""Every published figure, each against a named baseline measured in the same run."""
