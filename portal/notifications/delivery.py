"""What the jobs do: turn journal entries into messages, send what is in the outbox, write the daily digest."""

import uuid
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.actors import SYSTEM
from portal.grants.queries import holders_at
from portal.jobs.actions import enqueue
from portal.journal.actions import record
from portal.journal.models import JournalEntry
from portal.journal.queries import about_same
from portal.journal.verbs import VERBS
from portal.notifications import actions, channels, queries, rules, wording
from portal.notifications.models import Message, Outgoing
from portal.notifications.rules import EmailMode, State
from portal.ui import kept

log = structlog.get_logger(__name__)


def follow_entry(entry: JournalEntry) -> None:
    """In the transaction of the write: leave a job when somebody is to be told."""
    verb = VERBS.get(entry.verb)
    if verb is not None and verb.tell is not None and entry.unit_id is not None:
        enqueue("notifications.deliver", args={"entry_id": entry.pk}, slot=f"tell:{entry.pk}", fresh=True)


def deliver_entry(entry_id: int) -> int:
    """Write the messages of one entry; run twice it writes them once. Returns how many people are told."""
    entry = JournalEntry.objects.select_related("unit").get(pk=entry_id)
    perm = VERBS[entry.verb].tell if entry.verb in VERBS else None
    if perm is None or entry.unit is None or _is_history(entry):
        return 0
    actor = wording.person_of(entry.actor_ref)
    people = list(holders_at(perm, entry.unit).exclude(pk=actor.pk if actor else None))
    words = wording.words_for(entry)
    with transaction.atomic():
        Message.objects.bulk_create(
            [
                Message(user=user, entry=entry, title=words.title, text=words.text, url=words.url)
                for user in people
            ],
            ignore_conflicts=True,
        )
        kept.forget_people([user.pk for user in people])
        if entry.target_type not in wording.QUIET_TYPES:
            wanted = queries.preferences_of(people)
            for user in people:
                if wanted[user.pk].email == EmailMode.EACH:
                    _mail(user, words, entry, may_wait=wanted[user.pk].quiet)
    return len(people)


def _is_history(entry: JournalEntry) -> bool:
    """Has the state of the object moved on since? Nobody is asked to do what is done."""
    if "status" not in entry.changed and not entry.verb.endswith(("requested", "received", "submitted")):
        return False
    later = about_same(entry).filter(pk__gt=entry.pk).order_by("pk").values_list("changed", flat=True)[:50]
    return any("status" in changed for changed in later)


def _mail(user: object, words: wording.Words, entry: JournalEntry, *, may_wait: bool) -> None:
    link = settings.SITE["base_url"].rstrip("/") + words.url if words.url else ""
    text = render_to_string(
        "emails/message.txt", {"words": words, "link": link, "site": settings.SITE, "user": user}
    )
    actions.send_email(
        user=user, subject=words.title, text=text, key=f"entry:{entry.pk}:{user.pk}", may_wait=may_wait
    )  # type: ignore[arg-type,attr-defined]


def send(outgoing_id: int) -> str:
    """Claim one row and send it; a second worker finds nothing to claim. Returns its state."""
    token, now = str(uuid.uuid4()), timezone.now()
    claimed = Outgoing.objects.filter(pk=outgoing_id, state=State.QUEUED, send_after__lte=now).update(
        state=State.SENDING, claim=token, claimed_at=now, tries=F("tries") + 1
    )
    if not claimed:
        return "taken"
    row = Outgoing.objects.select_related("unit").get(pk=outgoing_id)
    try:
        reference = channels.gateway_for(row.channel).send(row)
    except channels.SendError as error:
        return _not_sent(row, token, str(error), final=error.final)
    fields = {"state": State.SENT, "sent_at": timezone.now(), "reference": reference[:120], "error": ""}
    if row.is_secret and not settings.DEMO:
        fields["text"] = ""
    Outgoing.objects.filter(pk=row.pk, claim=token, state=State.SENDING).update(**fields)
    return str(State.SENT)


def _not_sent(row: Outgoing, token: str, error: str, *, final: bool) -> str:
    mine = Outgoing.objects.filter(pk=row.pk, claim=token, state=State.SENDING)
    give_up = final or row.tries >= rules.MOST_TRIES
    log.warning("outgoing.not_sent", outgoing=row.pk, tries=row.tries, error=error, final=give_up)
    with transaction.atomic():
        if give_up:
            if mine.update(state=State.FAILED, error=error[:300]):
                record("outgoing.failed", actor=SYSTEM, target=row)
                row.error = error[:300]
                actions.note_bad_address(row)
            return str(State.FAILED)
        row.send_after = timezone.now() + rules.PAUSES[min(row.tries, len(rules.PAUSES)) - 1]
        if mine.update(state=State.QUEUED, error=error[:300], send_after=row.send_after):
            actions.enqueue_sending(row)
    return str(State.QUEUED)


def sweep(now: datetime | None = None) -> int:
    """Bring back rows whose sender died, and rows that lost their job. The gateway drops repeats by id."""
    moment, count = now or timezone.now(), 0
    for row in queries.lost(moment):
        _not_sent(row, row.claim, _("发送途中中断"), final=False)
        count += 1
    for row in queries.forgotten(moment):
        actions.enqueue_sending(row, suffix=f":sweep:{int(moment.timestamp()) // 600}")
        count += 1
    return count


def write_digests(now: datetime | None = None) -> int:
    """One e-mail a day to everybody who wants it and has something unread; run twice it writes one."""
    moment = now or timezone.now()
    local = timezone.localtime(moment)
    if local.time() < rules.DIGEST_FROM or not channels.email_is_set_up():
        return 0
    count = 0
    for user in queries.digest_readers().iterator():
        key = f"digest:{user.pk}:{local:%Y-%m-%d}"
        if Outgoing.objects.filter(key=key).exists():
            continue
        fresh = Message.objects.filter(
            user=user, read_at__isnull=True, created_at__gt=moment - timedelta(days=1)
        )
        unread = list(fresh.order_by("-created_at")[:30])
        if unread:
            context = {"unread": unread, "user": user, "site": settings.SITE, "count": fresh.count()}
            text = render_to_string("emails/digest.txt", context)
            subject = _("%(site)s：%(n)d 条新消息") % {"site": settings.SITE["name"], "n": context["count"]}
            actions.send_email(user=user, subject=subject, text=text, key=key)
            count += 1
    return count
