"""Fetch the third-party front-end files listed in static/vendor/manifest.json, or verify the stored copies."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Fetch the vendored front-end files with `npm pack`, or verify them with --check."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="verify the stored files, fetch nothing")
        parser.add_argument(
            "--record", action="store_true", help="after a version change: record the new digests"
        )

    def handle(self, *args: Any, check: bool = False, record: bool = False, **options: Any) -> None:
        folder = Path(settings.ROOT) / "static" / "vendor"
        path = folder / "manifest.json"
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if check:
            self.verify(folder, manifest)
            return
        for package in manifest["packages"]:
            self.fetch(folder, package, record)
        if record:
            path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        self.stdout.write(self.style.SUCCESS(f"{len(manifest['packages'])} packages written"))

    def verify(self, folder: Path, manifest: dict[str, Any]) -> None:
        listed = {entry["path"]: entry["sha256"] for p in manifest["packages"] for entry in p["files"]}
        stored = {f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file()} - {
            "manifest.json"
        }
        faults = [f"not in the manifest: {name}" for name in sorted(stored - listed.keys())]
        for name, digest in listed.items():
            file = folder / name
            if not file.is_file():
                faults.append(f"missing: {name}")
            elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                faults.append(f"changed: {name}")
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(self.style.SUCCESS(f"{len(listed)} files verified"))

    def fetch(self, folder: Path, package: dict[str, Any], record: bool) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            archive = pack(f"{package['name']}@{package['version']}", Path(temporary))
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
            if record:
                package["integrity"] = integrity
            elif integrity != package["integrity"]:
                raise CommandError(f"{package['name']}: the package is not the recorded one")
            with tarfile.open(archive) as tar:
                for entry in package["files"]:
                    self.write_file(folder, tar, entry, record)

    def write_file(self, folder: Path, tar: tarfile.TarFile, entry: dict[str, Any], record: bool) -> None:
        member = tar.extractfile(f"package/{entry['source']}")
        if member is None:
            raise CommandError(f"not in the package: {entry['source']}")
        data = member.read()
        for text in entry.get("remove", ()):  # references to files we do not ship
            data = data.replace(text.encode(), b"")
        digest = hashlib.sha256(data).hexdigest()
        if record:
            entry["sha256"] = digest
        elif digest != entry["sha256"]:
            raise CommandError(f"{entry['path']}: the content is not the recorded one")
        target = folder / entry["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def pack(spec: str, folder: Path) -> Path:
    """Download one npm package as its tarball."""
    command = ["npm", "pack", spec, "--json", "--ignore-scripts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError(f"npm pack {spec} failed: {done.stderr.strip()[-400:]}")
    return folder / json.loads(done.stdout)[0]["filename"]
