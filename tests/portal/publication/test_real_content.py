"""The gate with the real kinds of content: publishing changes nothing that the digest covers."""

from campaigns.activities.models import Activity
from families.works.actions.review import pass_format
from families.works.models import Work
from portal.access.roles import Role
from portal.publication import actions, queries, registry
from portal.publication.rules import Status
from tests.factories.activities import make_activity
from tests.factories.publication import ALL_ANSWERS
from tests.factories.works import make_call, make_work


def _pass_both(row, person, tree):
    actions.pass_edit(row, actor=person(Role.EDITOR, tree.city), answers=ALL_ANSWERS)
    actions.publish(row, actor=person(Role.PUBLISHER, tree.city), answers=ALL_ANSWERS)


def test_activity_stays_published_until_it_is_changed(tree, person):
    author = person(Role.COUNTY_OP, tree.pingding)
    activity = make_activity(tree.pingding, author, status="county_ok")
    row = actions.request(activity, actor=author)
    _pass_both(row, person, tree)
    activity = Activity.objects.get(pk=activity.pk)
    assert actions.check_current(activity).status == Status.PUBLISHED and activity.is_published
    Activity.objects.filter(pk=activity.pk).update(title="换了标题")
    actions.check_current(Activity.objects.get(pk=activity.pk), actor=author)
    row.refresh_from_db()
    assert row.status == Status.REQUESTED and not queries.is_published(activity)
    assert not Activity.objects.get(pk=activity.pk).is_published


def test_work_stays_published_and_shows_no_name_its_author_hides(tree, person):
    reviewer = person(Role.COUNTY_REVIEWER, tree.pingding)
    work = make_work(make_call(tree.city), tree.pingding, audience="anonymous")
    pass_format(actor=reviewer, work=work)
    row = queries.open_of(work)
    _pass_both(row, person, tree)
    work = Work.every.get(pk=work.pk)
    assert work.is_public and actions.check_current(work).status == Status.PUBLISHED
    assert "张小三" not in str(row.snapshot)


def test_every_registered_kind_can_be_found(tree):
    for kind in registry.CONTENT_TYPES.values():
        assert kind.find(0) is None and str(kind.label)


def test_public_activity_page_offers_to_report_it(tree, person, client):
    author = person(Role.COUNTY_OP, tree.pingding)
    activity = make_activity(tree.pingding, author, status="county_ok")
    row = actions.request(activity, actor=author)
    _pass_both(row, person, tree)
    page = client.get(activity.get_absolute_url()).content.decode()
    link = f"/complaints/?kind=report&amp;page={activity.get_absolute_url()}"
    assert link in page
    form = client.get(f"/complaints/?kind=report&page={activity.get_absolute_url()}").content.decode()
    assert activity.get_absolute_url() in form
