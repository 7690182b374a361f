"""The documents that the shop takes, each with its natural key, which is looked up before and after a write."""
