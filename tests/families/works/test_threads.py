"""Two presses at the same moment make one work; many at once get different numbers."""

import threading
import uuid

import pytest
from django.db import connection, connections

from families.works.actions.submit import submit
from families.works.models import Work
from portal.accounts.phone_codes import phone_hash, visitor_for
from tests.factories.units import make_tree
from tests.factories.works import PHONE, make_call, make_entry


@pytest.mark.django_db(transaction=True)
def test_double_press_and_numbers() -> None:
    tree = make_tree()
    call = make_call(tree.city, max_per_person=500)
    call.categories.update(per_person=500)
    same = str(uuid.uuid4())
    tokens = [same, same, same, *(str(uuid.uuid4()) for _ in range(4))]
    entries = [make_entry(call, tree.dongguan) for _ in tokens]
    faults: list[Exception] = []

    def press(token: str, entry: object) -> None:
        try:
            submit(actor=visitor_for(phone_hash(PHONE)), call=call, entry=entry, token=token)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=pair) for pair in zip(tokens, entries, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert Work.every.count() == 5
    assert len(set(Work.every.values_list("no", flat=True))) == 5
    assert connection.vendor
