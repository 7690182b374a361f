"""How the matcher was trained: made-up shops and companies, labelled by what they were made from. Not used at run time."""
