"""What people type about certificates and pathways. Forms read input and say what is wrong with it; never save."""

from lms.certificates.forms.awards import DecisionForm, FileForm, MatchForm, PaperForm, first_paper_form
from lms.certificates.forms.pathways import SignOffForm

__all__ = ["DecisionForm", "FileForm", "MatchForm", "PaperForm", "SignOffForm", "first_paper_form"]
