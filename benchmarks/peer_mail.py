"""Peer of PF-5, run by `peers.seconds`: Django renders, builds and sends mails on one connection; keeps no outbox."""

import json
import sys
import time

import django
from django.conf import settings

asked = json.load(sys.stdin)
settings.configure(
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=asked["port"],
    EMAIL_TIMEOUT=60,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
django.setup()

from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: E402 - needs the settings
from django.template import Context, Template  # noqa: E402 - as above

subject, text, html = (Template(asked[part]) for part in ("subject", "text", "html"))
started = time.perf_counter()
messages = []
for _ in range(asked["count"]):
    values = Context(asked["values"])
    message = EmailMultiAlternatives(
        subject.render(values), text.render(values), "客服部 <a@example.com>", ["王建国 <b@example.com>"]
    )
    message.attach_alternative(html.render(values), "text/html")
    messages.append(message)
get_connection().send_messages(messages)
print(time.perf_counter() - started)
