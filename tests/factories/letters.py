"""Letters, deliveries and desk cards."""

import io
import re
import uuid
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from families.cards import actions as cards
from families.cards.models import Card
from families.letters import actions as letters
from families.letters.models import Delivery
from families.works.models import Work, WorkCall
from portal.accounts.phone_codes import phone_hash, visitor_for
from portal.files import names, store
from portal.files.models import StoredFile
from portal.notifications.models import Outgoing
from portal.privacy.rules import ConsentType
from portal.typeset import FONTS
from portal.units.models import Unit
from tests.factories.works import PHONE, make_work

RECIPIENT = "13987654321"


def make_letter(call: WorkCall, unit: Unit, **fields: Any) -> Work:
    """A letter for its recipient only, unless said otherwise."""
    fields = {
        "category": call.categories.get(code="FAMILY_LETTER"), "audience": "only_recipient", "title": "给妈妈的信",
        "text": "妈妈：" + "我在外面一切都好，" * 40, "extra": {"direction": "child_to_parent"},
        "consents": {ConsentType.PROCESSING: "同意"}, **fields,
    }  # fmt: skip
    return make_work(call, unit, **fields)


def send_letter(work: Work, phone: str = RECIPIENT) -> tuple[Delivery, str]:
    """Sent by its author; returns the path of the link in the message."""
    delivery = letters.send(
        actor=visitor_for(work.phone_hash), work=work, to_name="妈妈", phone=phone, token=str(uuid.uuid4())
    )
    return delivery, last_link(phone)


def last_link(phone: str = RECIPIENT) -> str:
    """The path of the newest link that was sent to a phone."""
    text = Outgoing.objects.filter(to_hash=phone_hash(phone), text__isnull=False).order_by("-pk")[0].text
    found = re.search(r"(/letters/[^/]+/)", text)
    assert found, text
    return found[1]


def make_message(call: WorkCall, unit: Unit, number: int = 1, **fields: Any) -> Work:
    """A message of a family, sent from a phone of its own."""
    fields = {
        "category": call.categories.get(code="CLEAN_MESSAGE"), "audience": "organisation", "text": f"守得住清白，回得了家门{number}",
        "phone": f"137{number:08d}", "extra": {"to_name": "爸爸", "relation": "女儿"}, **fields,
    }  # fmt: skip
    return make_work(call, unit, **fields)


def make_card(work: Work, *, opted: bool = True, **fields: Any) -> Card:
    """Shaped by its family."""
    fields = {"lettering": "typed", "pattern": "lotus", "crop": [], "unit": None, **fields}
    return cards.save(actor=visitor_for(work.phone_hash), work=work, opted=opted, **fields)


def handwriting(text: str = "清清白白做人\n踏踏实实做事", *, table: bool = True) -> bytes:
    """A photo of ink on paper in uneven light, with the table at one side."""
    font = ImageFont.truetype(str(FONTS / "LXGWWenKai-Medium.ttf"), 80)
    picture = Image.radial_gradient("L").resize((1200, 900)).point(lambda x: 235 - x // 2).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.multiline_text((260, 300), text, font=font, fill=(40, 45, 90))
    if table:
        draw.rectangle((0, 0, 70, 900), fill=(60, 40, 20))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(1)).save(out, "JPEG", quality=80)
    return out.getvalue()


def attach_photo(work: Work, data: bytes) -> StoredFile:
    """A photo of a work as the processing leaves it."""
    path = names.random_path(store.KEPT_FOLDER, ".jpg")
    store.put(path, data)
    return StoredFile.objects.create(
        state="ready", size=len(data), original_name="手写.jpg", target_type="work", target_id=str(work.pk), field_name="files",
        master_path=path, web_path=path, thumb_path=path, width=1200, height=900,
    )  # fmt: skip


__all__ = ["PHONE", "RECIPIENT"]
