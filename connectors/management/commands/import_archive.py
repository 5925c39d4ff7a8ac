"""Say what a file of a network's is and holds; and, for a person, import it."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError

from connectors import importing
from connectors.archives import registry
from connectors.archives.container import Refused
from connectors.archives.summary import Summary
from connectors.own_files import Upload
from people.models import Person


class Command(BaseCommand):
    help = (
        "Print what is understood of a file that a network gave its owner. Exit codes: 0 read, "
        "1 no such file, 2 the file is refused (the word says why)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file as it came: do not unpack it")
        parser.add_argument("--dry-run", action="store_true", help="read and tell, keep nothing")
        parser.add_argument("--person", help="address (slug) of whose file it is, to import it")

    def handle(
        self, *args: Any, file: Path, dry_run: bool, person: str | None, **options: Any
    ) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        if not dry_run:
            self._import(file, person)
            return
        summary = Summary()
        try:
            with registry.detected(file, file.name) as found:
                for name, why in found.files.unsafe:
                    summary.not_opened(name, why)
                for record in found.importer.read(found.files):
                    summary.add(record)
                form = found.importer.FORMAT
        except Refused as refused:
            raise CommandError(f"Refused: {refused.why}.", returncode=2) from None
        self.stdout.write(f"{form.name}, of {form.network}")
        self._tell(summary)

    def _import(self, file: Path, slug: str | None) -> None:
        person = Person.objects.filter(slug=slug, owner__isnull=False).first() if slug else None
        if person is None:
            raise CommandError("Say whose file it is: --person SLUG; or --dry-run.")
        upload_id = uuid4()
        shutil.copyfile(file, importing.path_of(upload_id))
        importing.begin(person, upload_id, file.name, file.stat().st_size)
        state = importing.work(upload_id)
        if state == Upload.State.READY and importing.confirm(person, upload_id):
            state = importing.work(upload_id)
        upload = Upload.objects.get(pk=upload_id)
        if state != Upload.State.DONE:
            raise CommandError(f"Refused: {upload.why}.", returncode=2)
        self.stdout.write(f"Imported for {person.slug}: {upload.total} entries.")

    def _tell(self, summary: Summary) -> None:
        owner = [text for text in (summary.handle, summary.native_id, summary.name) if text]
        self.stdout.write(f"belongs to  {', '.join(owner) or '(it does not say)'}")
        if summary.first_at is not None and summary.last_at is not None:
            self.stdout.write(
                f"from        {summary.first_at:%Y-%m-%d} to {summary.last_at:%Y-%m-%d}"
            )
        counts = {"posts": summary.posts, **summary.acts}
        for name, count in counts.items():
            self.stdout.write(f"{count:>10}  {name}")
        for name, why in summary.unclear.items():
            self.stdout.write(f"not read    {name} ({why})")
        if summary.unclear_more:
            self.stdout.write(f"not read    {summary.unclear_more} more")
