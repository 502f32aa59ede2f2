"""Two addresses for machines: is the process alive, and can it do its work?"""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal.access.gate import public
from portal.jobs.models import Job, JobState


@public
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers; tells how old the oldest waiting job is, 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        late = Job.objects.filter(
            state=JobState.QUEUED, run_after__lt=timezone.now() - timedelta(minutes=5)
        ).count()
    except DatabaseError as error:
        return JsonResponse({"status": "down", "database": type(error).__name__}, status=503)
    storage = default_storage.__class__.__name__
    return JsonResponse({"status": "ok", "jobs_late": late, "storage": storage, "mode": settings.MODE})
