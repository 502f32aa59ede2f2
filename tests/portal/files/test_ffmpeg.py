"""Covers, looks and light copies by the real ffmpeg, from clips it makes on the spot; and what happens without it."""

import resource
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from portal.access.roles import Role
from portal.files import ffmpeg, lighten, media, parts, processing, rules, store
from portal.files.models import StoredFile
from portal.files.rules import media_limits
from portal.jobs import actions as jobs
from portal.jobs.models import Job, JobState
from portal.jobs.runner import run, run_all
from tests.portal.files import films

needed = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg on this machine"),
]
SECRETS = (b"+37.86", b"SECRET-ARTIST", b"SECRET-PHONE")


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


def clip(
    folder: Path, *, size: str = "1920x1080", seconds: int = 2, crf: int = 12, more: tuple[str, ...] = ()
) -> Path:
    """A noisy film with places and names in it, as a phone would write them."""
    target = folder / f"{uuid.uuid4().hex}.mp4"
    command = [
        "ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", f"testsrc2=s={size}:r=15:d={seconds}", "-f", "lavfi", "-i",
        f"sine=d={seconds}", "-c:v", "libx264", "-preset", "ultrafast", "-crf", str(crf), "-c:a", "aac", "-metadata",
        "com.apple.quicktime.location.ISO6709=+37.8600+113.5800/", "-movflags", "use_metadata_tags", "-metadata", "artist=SECRET-ARTIST", "-metadata:s:v", "handler_name=SECRET-PHONE", *more,
        str(target),
    ]  # fmt: skip
    subprocess.run(command, check=True, timeout=120)
    return target


def staged(data: bytes, name: str = "a.mp4") -> StoredFile:
    upload = SimpleUploadedFile(name, data)
    return parts.stage_plain(
        upload, token=str(uuid.uuid4()), actor=AnonymousUser(), field="recording", limits=media_limits()
    )


def kept(data: bytes, name: str = "a.mp4") -> StoredFile:
    file = staged(data, name)
    processing.process(file_id=file.pk)
    file.refresh_from_db()
    return file


def interrupted(*_args: Any, **_kwargs: Any) -> None:
    raise ffmpeg.Interrupted("-9")


def light_run() -> dict[str, Any]:
    return lighten.run(job=jobs.enqueue(lighten.JOB), progress=lambda *_: None)


def bytes_of(path: str) -> bytes:
    with store.opened(path) as stored:
        return bytes(stored.read())


class TestWithFfmpeg:
    """What it makes."""

    pytestmark = needed

    def test_a_film_gets_a_cover_and_a_light_copy_without_its_secrets(self, tmp_path: Path) -> None:
        heavy = clip(tmp_path)
        assert all(secret in heavy.read_bytes() for secret in SECRETS)
        found = ffmpeg.look(heavy, tmp_path)
        assert found is not None
        assert (round(found.seconds), found.edge, found.pixels) == (2, 1920, "yuv420p")
        cover = ffmpeg.cover(heavy, tmp_path, kind="video", seconds=2)
        assert cover is not None
        assert len(cover.phash) == 16
        with Image.open(cover.path) as picture:
            assert picture.size == (480, 270)
        heard: list[float] = []
        light = ffmpeg.lighten(heavy, tmp_path, kind="video", progress=heard.append)
        assert light is not None
        data = light.read_bytes()
        assert len(data) < heavy.stat().st_size * 0.8
        assert not any(secret in data for secret in SECRETS)
        assert data.index(b"moov") < data.index(b"mdat")  # begins to play before all of it is there
        with light.open("rb") as source:
            seen = media.inspect(source, len(data), media_limits())
        assert (seen.kind, seen.width, seen.height) == ("video", 1280, 720)
        assert heard == sorted(heard)

    def test_what_was_filmed_upright_stays_upright(self, tmp_path: Path) -> None:
        lying = clip(tmp_path)
        upright = tmp_path / "upright.mp4"
        turn = ["-metadata:s:v", "rotate=90", "-c", "copy", str(upright)]
        subprocess.run(["ffmpeg", "-loglevel", "error", "-i", str(lying), *turn], check=True, timeout=60)
        with upright.open("rb") as source:
            seen = media.inspect(source, upright.stat().st_size, media_limits(least=(1280, 720)))
        assert (seen.width, seen.height) == (1080, 1920)
        light = ffmpeg.lighten(upright, tmp_path, kind="video")
        assert light is not None
        with light.open("rb") as source:
            seen = media.inspect(source, light.stat().st_size, media_limits())
        assert (seen.width, seen.height) == (720, 1280)

    def test_colours_no_phone_shows_are_made_ordinary(self, tmp_path: Path) -> None:
        odd = clip(tmp_path, size="320x180", crf=40, more=("-pix_fmt", "yuv444p"))
        light = ffmpeg.lighten(odd, tmp_path, kind="video")
        assert light is not None
        found = ffmpeg.look(light, tmp_path)
        assert found is not None
        assert found.pixels == "yuv420p"

    def test_a_small_film_stays_as_it_is(self, tmp_path: Path) -> None:
        assert ffmpeg.lighten(clip(tmp_path, size="320x180", crf=35), tmp_path, kind="video") is None

    @pytest.mark.parametrize("name", ["tone-1.mp3", "tone-4.m4a"])
    def test_a_sound_gets_its_wave(self, tmp_path: Path, name: str) -> None:
        sound = tmp_path / name
        sound.write_bytes(films.real(name))
        cover = ffmpeg.cover(sound, tmp_path, kind="audio", seconds=6)
        assert cover is not None
        assert cover.phash == ""
        assert ffmpeg.lighten(sound, tmp_path, kind="audio") is None

    @pytest.mark.parametrize(
        "data",
        [
            films.film(), films.film()[:600], b"", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
            b"ffconcat version 1.0\nfile /etc/passwd\n", b"http://127.0.0.1:9/a.mp4", b"\xff\xfb" * 4000,
        ],
        ids=["no pictures inside", "cut", "empty", "playlist", "concat", "address", "noise"],
    )  # fmt: skip
    @pytest.mark.parametrize("ending", [".mp4", ".mp3"])
    def test_hostile_files_cost_nothing_but_the_cover(self, tmp_path: Path, data: bytes, ending: str) -> None:
        source = tmp_path / f"x{ending}"
        source.write_bytes(data)
        kind = "video" if ending == ".mp4" else "audio"
        assert ffmpeg.cover(source, tmp_path, kind=kind, seconds=5) is None
        assert ffmpeg.lighten(source, tmp_path, kind=kind) is None

    def test_a_film_that_names_another_file_reads_none(self, tmp_path: Path) -> None:
        """An external data reference of an MP4 may point anywhere; ours are not followed."""
        film = clip(tmp_path, size="320x180").read_bytes()
        place = film.index(b"dref")
        entry = film.index(b"url ", place)
        changed = film[: entry + 4] + bytes(4) + film[entry + 8 :]  # “not in this file”
        source = tmp_path / "outside.mp4"
        source.write_bytes(changed)
        ffmpeg.cover(source, tmp_path, kind="video", seconds=1)  # a frame or none, but never an exception

    @pytest.mark.django_db
    def test_the_job_makes_one_light_copy_however_often_it_runs(
        self, tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = kept(clip(tmp_path).read_bytes())
        assert (file.state, file.web_size, file.web_path) == ("ready", None, file.master_path)
        assert file.thumb_path
        assert file.phash
        assert file.essence
        waiting = Job.objects.get(kind=lighten.JOB)
        beats: list[tuple[Any, ...]] = []
        monkeypatch.setattr(jobs, "beat", lambda job, **fields: beats.append(tuple(fields.items())))
        assert jobs.mark_published(waiting.pk)
        assert run(waiting.pk)
        file.refresh_from_db()
        assert file.web_path != file.master_path
        assert file.web_size == len(bytes_of(file.web_path)) < len(bytes_of(file.master_path))
        assert beats
        assert Job.objects.get(pk=waiting.pk).result == {"lighter": 1, "as_it_is": 0}
        before = sorted(own_folder.rglob("*"))
        again = jobs.enqueue(lighten.JOB)
        assert lighten.run(job=again, progress=lambda *_: None) == {"lighter": 0, "as_it_is": 0}
        assert sorted(own_folder.rglob("*")) == before

    @pytest.mark.django_db
    def test_a_second_run_leaves_it_to_the_first(self, tmp_path: Path) -> None:
        kept(films.real("film-1.mp4"))
        first, second = jobs.enqueue(lighten.JOB), jobs.enqueue(lighten.JOB)
        Job.objects.filter(pk=first.pk).update(state=JobState.RUNNING, heartbeat_at=timezone.now())
        assert lighten.run(job=second, progress=lambda *_: None) == {"waiting": 1}
        Job.objects.filter(pk=first.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
        assert lighten.run(job=second, progress=lambda *_: None) == {"lighter": 0, "as_it_is": 1}

    @pytest.mark.django_db
    def test_a_film_deleted_meanwhile_leaves_nothing_behind(
        self, tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = kept(clip(tmp_path).read_bytes())
        made = ffmpeg.lighten

        def slow(*args: Any, **kwargs: Any) -> Path | None:
            light = made(*args, **kwargs)
            StoredFile.objects.filter(pk=file.pk).update(state="deleted")
            return light

        monkeypatch.setattr(ffmpeg, "lighten", slow)
        before = sorted(own_folder.rglob("*.mp4"))
        assert lighten.run(job=jobs.enqueue(lighten.JOB), progress=lambda *_: None) == {
            "lighter": 0,
            "as_it_is": 1,
        }
        assert sorted(own_folder.rglob("*.mp4")) == before

    @pytest.mark.django_db
    def test_same_film_under_another_name_and_pressed_again(self, tmp_path: Path) -> None:
        first = kept(clip(tmp_path, size="640x360").read_bytes())
        one, other = tmp_path / "1.mp4", tmp_path / "2.mp4"
        one.write_bytes(bytes_of(first.master_path))
        tagged = ["-c", "copy", "-metadata", "title=另一个名字", str(other)]
        subprocess.run(["ffmpeg", "-loglevel", "error", "-i", str(one), *tagged], check=True, timeout=60)
        second = kept(other.read_bytes())
        assert first.sha256 != second.sha256
        assert first.essence == second.essence
        assert first.phash == second.phash

    @pytest.mark.parametrize(
        ("ending", "is_passing"),
        [
            ("kill -9 $$", True),
            ("kill -15 $$", True),
            ("echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 228", True),
            ("echo 'Cannot allocate memory' >&2; exit 1", True),
            ("echo 'Invalid data found when processing input' >&2; exit 183", False),
            ("kill -PROF $$", False),  # used up the processor time that bounded.py gave it
            ("exec sleep 60", False),  # and the time by the clock
            ("echo 'No space left on device' >&2; printf '%70000s' . >&2; exit 1", False),  # long past
        ],
    )
    def test_only_what_ffmpeg_says_of_the_film_is_final(
        self, tmp_path: Path, ending: str, is_passing: bool
    ) -> None:
        command, seconds = ["/bin/sh", "-c", ending], 1 if "sleep" in ending else 5
        ways: list[Callable[[], Any]] = [
            lambda: ffmpeg._run(command, tmp_path, seconds),
            lambda: ffmpeg._watched(command, tmp_path, seconds, lambda _seconds: None),
        ]
        for way in ways:
            if is_passing:
                with pytest.raises(ffmpeg.Interrupted):
                    way()
            else:
                assert not way()

    @pytest.mark.parametrize("tool", ["ffmpeg", "ffprobe"])
    def test_a_program_that_used_up_its_processor_time_is_not_started_again(
        self, tmp_path: Path, tool: str
    ) -> None:
        endless = ["-f", "lavfi", "-i", "testsrc2=size=1920x1080"]
        ending = ["-f", "null", "-"] if tool == "ffmpeg" else ["-show_frames", "-of", "json"]
        script = [sys.executable, "-I", str(ffmpeg.SCRIPT), "1024", "1", "20", ffmpeg.program(tool)]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert not ffmpeg._watched(
            [*script, "-loglevel", "error", *endless, *ending], tmp_path, 60, lambda _s: None
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 4

    @pytest.mark.django_db
    def test_interrupted_on_the_way_in_it_is_tried_again_and_then_does_without_a_cover(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = ffmpeg.cover
        monkeypatch.setattr(ffmpeg, "cover", interrupted)
        first, second = staged(films.real("film-1.mp4")), staged(films.real("film-1.mp4"))
        run_all()
        jobs_of = Job.objects.filter(kind="files.process")
        assert {(job.state, job.attempts, job.run_after > timezone.now()) for job in jobs_of} == {
            (JobState.QUEUED, 1, True)
        }
        Job.objects.filter(args__file_id=second.pk).update(attempts=4)
        jobs_of.update(run_after=timezone.now(), published_at=None)
        run_all()
        second.refresh_from_db()
        assert (second.state, second.thumb_path) == ("ready", "")
        monkeypatch.setattr(ffmpeg, "cover", real)
        jobs_of.update(run_after=timezone.now(), published_at=None)
        run_all()
        first.refresh_from_db()
        assert first.state == "ready" and first.thumb_path

    @pytest.mark.django_db
    def test_an_interrupted_light_copy_comes_up_again_after_growing_pauses(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = kept(films.real("film-1.mp4"))
        real = ffmpeg.lighten
        monkeypatch.setattr(ffmpeg, "lighten", interrupted)
        pauses = []
        for _try in range(2):
            assert light_run() == {"lighter": 0, "as_it_is": 0, "failed": 1}
            file.refresh_from_db()
            assert file.web_size is None and file.light_after is not None
            pauses.append(round((file.light_after - timezone.now()).total_seconds() / 60))
            assert light_run() == {"lighter": 0, "as_it_is": 0}  # not yet
            StoredFile.objects.update(light_after=timezone.now())
        assert pauses == [15, 60]
        monkeypatch.setattr(ffmpeg, "lighten", real)
        assert light_run() == {"lighter": 0, "as_it_is": 1}

        StoredFile.objects.update(web_size=None, light_tries=lighten.TRIES - 1)
        monkeypatch.setattr(ffmpeg, "lighten", interrupted)
        light_run()
        file.refresh_from_db()
        assert file.web_size == file.size  # nobody tries for ever

    def test_a_greedy_program_is_stopped(self, tmp_path: Path) -> None:
        greedy = "x = bytearray(300 * 1024 * 1024)"
        command = [sys.executable, "-I", str(ffmpeg.SCRIPT), "120", "5", "1", sys.executable, "-c"]
        assert subprocess.run([*command, greedy], capture_output=True, check=False).returncode != 0
        assert subprocess.run([*command, "while True: pass"], capture_output=True, check=False).returncode < 0
        big = f"open({str(tmp_path / 'big')!r}, 'wb').write(bytes(3 * 1024 * 1024))"
        assert subprocess.run([*command, big], capture_output=True, check=False).returncode != 0
        assert subprocess.run([*command, "pass"], capture_output=True, check=False).returncode == 0


class TestWithoutFfmpeg:
    """What the portal does and says where nobody installed it."""

    pytestmark = pytest.mark.django_db

    @pytest.fixture(autouse=True)
    def nothing_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ffmpeg, "program", lambda name="ffmpeg": "")

    def test_films_are_kept_and_wait_for_a_light_copy(self) -> None:
        file = kept(films.real("film-1.mp4"))
        assert (file.state, file.thumb_path, file.web_path) == ("ready", "", file.master_path)
        assert not Job.objects.filter(kind=lighten.JOB).exists()
        assert lighten.run(job=jobs.enqueue(lighten.JOB), progress=lambda *_: None) == {"waiting": 1}
        run_all()

    def test_who_runs_the_portal_reads_it_on_the_page_of_jobs(self, signed_in: Any, tree: Any) -> None:
        client = signed_in(Role.SYS_ADMIN, tree.city)
        assert "没有安装 ffmpeg" in client.get("/ops/jobs/").content.decode()

    def test_heavy_films_say_so_under_the_player(self) -> None:
        file = kept(films.real("film-1.mp4"))
        assert not file.is_long_load
        file.size = 45 * rules.MEGABYTE
        assert file.is_long_load
