"""Any key in any place of any address tells nobody anything; and the walk itself can fail."""

from typing import Any
from urllib.parse import quote

import pytest
from django.db.models import Q
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from families.judging.queries import shown
from portal.access import scope
from portal.access.roles import ROLES, Role
from portal.files import responses
from portal.files.models import StoredFile
from portal.reviews.judging.models import Sheet
from tests.factories.people import make_user
from tests.factories.units import Tree
from tests.families.judging.reach.case import NAME, PHONE, VILLAGE, Case, everybody_at, signed_in
from tests.guards import reach

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # about what answers hold, not about the database


def test_no_mixture_of_keys_tells_anybody(case: Case, tree: Tree) -> None:
    """Keys of one kind in places of another, sent with other methods and bodies: drawn, not listed."""
    every = [key for keys in case.keys.values() for key in keys] + [
        PHONE,
        NAME,
        "results",
        "award",
        "..",
        "%00",
    ]
    mixed = dict.fromkeys(("str", "slug", "unit_no"), sorted(set(every))) | {
        k: case.keys[k] for k in ("int", "uuid")
    }
    urls = reach.addresses(mixed)
    actors = {
        "judge": (signed_in(case.judges[0]), case.for_judges()),
        "elsewhere": (signed_in(everybody_at(tree.yuxian)), case.for_others()),
        "stranger": (Client(raise_request_exception=False), case.for_others()),
    }

    @settings(max_examples=120)
    @given(
        who=st.sampled_from(sorted(actors)), url=st.sampled_from(urls), method=st.sampled_from(["get", "post", "head"]),
        body=st.dictionaries(st.sampled_from(["q", "no", "code", "resume_code", "form_token", "list", "reason", "name", "action"]),
                             st.sampled_from(every), max_size=3),
    )  # fmt: skip
    def ask(who: str, url: str, method: str, body: dict[str, str]) -> None:
        client, secrets = actors[who]
        typed = "".join(body.values())
        told = reach.walk(client, [url], secrets, method=method, data=body)
        assert [
            one for one in told if not any(secrets.words.get(one[2], "?") in part for part in (typed, url))
        ] == []

    ask()


def _by_judge(judge: Client, case: Case) -> list[tuple[str, int, str]]:
    held = set(ROLES[Role.JUDGE].perms)
    urls = [url for url in reach.addresses(case.keys, held=held) if url.startswith("/judge/")]
    return reach.walk(judge, urls, case.for_judges())


def test_the_walk_sees_a_projection_without_screening(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "screen", lambda text, _secrets: text)
    judge = signed_in(Sheet.objects.filter(item__target_id=case.work.pk)[0].judge)
    told = {name for _url, _status, name in _by_judge(judge, case)}
    assert {"surname", "guardian", "written phone"} <= told


def test_the_walk_sees_a_header_with_the_address_of_a_file(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = responses.serve

    def serve(file: StoredFile, *args: Any, **kwargs: Any) -> Any:
        answer = known(file, *args, **kwargs)
        answer["Link"] = f"<{file.web_url}>; rel=canonical; title*=UTF-8''{quote(file.original_name)}"
        return answer

    monkeypatch.setattr(responses, "serve", serve)
    judge = signed_in(Sheet.objects.filter(item__target_id=case.work.pk)[0].judge)
    told = {name for _url, _status, name in _by_judge(judge, case)}
    assert {"file", "file 0", "surname"} <= told


def test_the_walk_sees_a_scope_that_lets_everybody_in(
    case: Case, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scope, "_condition", lambda *_args: Q(pk__gt=0))
    client = signed_in(make_user(Role.COUNTY_REVIEWER, tree.yuxian))
    told = {name for _url, _status, name in reach.walk(client, [case.work.staff_url], case.for_others())}
    assert {"surname", f"{VILLAGE} beside the work"} <= told
