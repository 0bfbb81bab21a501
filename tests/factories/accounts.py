"""People. Each has an address, a surname and a password that belong to nobody else."""

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from lms.accounts.models import User

PASSWORD = "a kettle, two mugs and rain"


class PersonFactory(DjangoModelFactory):
    """Somebody with an account and a proven address; signs in with ``PASSWORD``."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}.canary@example.org")
    display_name = factory.Sequence(lambda n: f"Robin {n}")
    certificate_name = factory.Sequence(lambda n: f"Robin Canarysurname{n}")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def proven(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class AdministratorFactory(PersonFactory):
    """A platform administrator, as the command line makes one."""

    is_staff = True
    is_superuser = True
