"""All page types, snippets and settings of the site's words."""

from cms.models.courses import CoursePage, LessonPage, ModulePage
from cms.models.help import CardIndexPage, CardPage, HelpNowPage
from cms.models.loaded import Loaded
from cms.models.pages import CataloguePage, HomePage, LeadersPage, PlainPage, ResourcePage, TopicIndexPage, TopicPage
from cms.models.selfcheck import SelfCheckPage
from cms.models.settings import Brand
from cms.models.snippets import ContactLine, DatedFact, Topic, TrainerProfile
from cms.models.workshops import WorkshopIndexPage, WorkshopPage

__all__ = [
    "Brand",
    "CardIndexPage",
    "CardPage",
    "CataloguePage",
    "ContactLine",
    "CoursePage",
    "DatedFact",
    "HelpNowPage",
    "HomePage",
    "LeadersPage",
    "LessonPage",
    "Loaded",
    "ModulePage",
    "PlainPage",
    "ResourcePage",
    "SelfCheckPage",
    "Topic",
    "TopicIndexPage",
    "TopicPage",
    "TrainerProfile",
    "WorkshopIndexPage",
    "WorkshopPage",
]
