"""The ways out: e-mail by SMTP, short messages through a gateway. Chosen by the settings."""

import json
import smtplib
import urllib.error
import urllib.request
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage

from portal.notifications.models import Outgoing
from portal.notifications.rules import Channel

SMS_TIMEOUT = 5
_PERMANENT = range(500, 600)


class SendError(Exception):
    """It did not leave. `final`: trying again will not help."""

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class Gateway(Protocol):
    """One way out; returns the receipt of whoever took it."""

    def send(self, row: Outgoing) -> str: ...


class Smtp:
    """E-mail through Django's SMTP settings. The Message-ID stays the same when it is tried again."""

    def send(self, row: Outgoing) -> str:
        """Hand it to the mail server."""
        message_id = (
            f"<{row.public_id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>') or 'localhost'}>"
        )
        mail = EmailMessage(row.subject, row.text, to=[row.to], headers={"Message-ID": message_id})
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            final = all(code in _PERMANENT for code in codes)
            raise SendError(f"recipient refused: {codes}", final=final) from error
        except smtplib.SMTPResponseException as error:
            raise SendError(f"SMTP {error.smtp_code}", final=error.smtp_code in _PERMANENT) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendError(f"{type(error).__name__}: {error}"[:200]) from error
        return message_id


class HttpSms:
    """A gateway that takes JSON over HTTPS: {"id", "to", "text"} → {"id"}. `id` lets it drop repeats."""

    def send(self, row: Outgoing) -> str:
        """Hand it to the gateway."""
        body = json.dumps({"id": str(row.public_id), "to": row.to, "text": row.text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_TOKEN}"}
        if not settings.SMS_URL.startswith(("https://", "http://")):
            raise SendError("PORTAL_SMS_URL is not an http address", final=True)
        call = urllib.request.Request(settings.SMS_URL, body, headers, method="POST")  # noqa: S310 – checked above
        try:
            with urllib.request.urlopen(call, timeout=SMS_TIMEOUT) as answer:  # noqa: S310 – checked above
                answered = json.loads(answer.read(65_536) or b"{}")
        except urllib.error.HTTPError as error:
            final = error.code in range(400, 500) and error.code not in {408, 429}
            raise SendError(f"gateway answered {error.code}", final=final) from error
        except (OSError, ValueError) as error:
            raise SendError(f"{type(error).__name__}: {error}"[:200]) from error
        return str(answered.get("id", "")) if isinstance(answered, dict) else ""


class Recorded:
    """Sends nothing: the row itself is the record. For demos and tests."""

    def send(self, row: Outgoing) -> str:
        """Take it and do nothing."""
        return "recorded"


def email_is_set_up() -> bool:
    """Is there a mail server, or a demo that only records?"""
    return bool(settings.EMAIL_HOST) or settings.DEMO


def gateway_for(channel: str) -> Gateway:
    """The way out for a channel."""
    if channel == Channel.SMS:
        return HttpSms() if settings.SMS_GATEWAY == "http" else Recorded()
    return Smtp() if settings.EMAIL_HOST else Recorded()
