"""The low-code language: flow files, their expressions, and the compiler that turns them into SQL over Arrow."""
