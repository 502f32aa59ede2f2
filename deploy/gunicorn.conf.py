"""Gunicorn behind nginx. Started as: gunicorn -c deploy/gunicorn.conf.py portal.wsgi:application

nginx in front is part of the design, not a luxury: it reads slow clients to the end, so that a thread here
is never held by somebody's bad connection. Numbers per machine come through WEB_CONCURRENCY (processes).
"""

import multiprocessing
import os
from pathlib import Path

bind = ["127.0.0.1:8001"]  # overridden on the command line where another address is wanted
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or min(multiprocessing.cpu_count() + 1, 9))
threads = 4

# A worker that does not answer its master for a minute is replaced; a stop or reload lets requests finish.
timeout = 60
graceful_timeout = 30
keepalive = 10  # longer than nginx keeps idle connections to us

# Workers are renewed now and then, not all at once.
max_requests = 3000
max_requests_jitter = 500

# Requests that no form of ours makes.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# X-Forwarded-* is believed only from nginx on this machine (in compose: from the proxy's network).
forwarded_allow_ips = "127.0.0.1,::1"

# Nothing here is steered through gunicorn's own socket; signals do (docs/operations.md).
control_socket_disable = True

# Heartbeat files in memory: a full or slow disk must not make workers look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - only the heartbeat

# Method, path without its query (which may hold names people searched for), status, size, seconds, request id.
accesslog = "-"
access_log_format = '{"log":"access","ip":"%({x-forwarded-for}i)s","method":"%(m)s","path":"%(U)s","status":%(s)s,"bytes":%(B)s,"seconds":%(L)s,"request_id":"%({x-request-id}o)s"}'
errorlog = "-"
