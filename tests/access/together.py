"""Who may open the pages of two people who read together."""

ACCESS = {
    "partners:together": "signed in",
    "partners:ask": "signed in",
    "partners:make_code": "signed in",
    "partners:use_code": "signed in",
    "partners:answer": "signed in",
    "partners:take_back": "signed in",
    "partners:end": "signed in",
    "together:both_here": "signed in",
    "together:answer": "own",
}
