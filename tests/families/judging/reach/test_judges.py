"""No judge reaches the family of a work they score: every address with every key of the work, its pictures, its drafts,
its exports, searches and messages, opened and read."""

import pytest

from families.judging import queries
from portal.access.roles import Role
from portal.notifications.models import Message, Outgoing
from portal.reviews.judging.models import Sheet
from tests.families.judging.reach.case import WORDS, Case, signed_in, told_to
from tests.guards import reach

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # about what answers hold, not about the database


def test_no_address_tells_a_judge_who_wrote_it(case: Case) -> None:
    sheet = Sheet.objects.filter(item__target_id=case.work.pk)[0]
    judge, other = (
        sheet.judge,
        next(user for user in case.judges if not Sheet.objects.filter(judge=user).exists()),
    )
    page = signed_in(judge).get(sheet.get_absolute_url()).content.decode()
    assert WORDS[0] in page
    assert queries.project([case.work.pk])[case.work.pk].pictures == 1
    assert signed_in(judge).get(f"{sheet.get_absolute_url()}pictures/0/").status_code == 200
    for user in (judge, other):
        assert told_to(signed_in(user), case, case.for_judges(), [Role.JUDGE]) == []


@pytest.mark.full
@pytest.mark.parametrize("number", range(5))
def test_no_address_tells_any_of_the_five(case: Case, number: int) -> None:
    client = signed_in(case.judges[number])
    assert reach.walk(client, reach.addresses(case.keys), case.for_judges()) == []
    assert reach.walk(client, reach.addresses(case.keys, reach.STEPS), case.for_judges(), method="post") == []


def test_no_message_tells_a_judge(case: Case) -> None:
    told, secrets = [], case.for_judges()
    for row in Message.objects.filter(user__in=case.judges):
        told += secrets.told([f"{row.title}\n{row.text}\n{row.url}".encode()])
    for row in Outgoing.objects.filter(user__in=case.judges):
        told += secrets.told([f"{row.subject}\n{row.text}".encode()])
    assert Message.objects.filter(user__in=case.judges).exists()
    assert told == []
