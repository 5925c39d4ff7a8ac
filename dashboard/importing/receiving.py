"""Receiving a file: straight to the folder of uploads, counted as it comes, under our name."""

import os
import shutil
import uuid
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from connectors import importing

FIELD = "file"
# What a form has besides its file.
FORM_BYTES = 64 * 2**10
# Left to the rest of the machine.
SPARE_BYTES = 2**30


def most_bytes() -> int:
    """Return how large a file may be."""
    return settings.UPLOAD_MEGABYTES * 2**20


def refusal(request: HttpRequest) -> str:
    """Return why a request is not read at all, by its head alone: "large", "length", "room", ""."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or -1)
    except ValueError:
        length = -1
    if length < 0:
        return "length"
    if length > most_bytes() + FORM_BYTES:
        return "large"
    if shutil.disk_usage(importing.folder()).free < length + SPARE_BYTES:
        return "room"
    return ""


class ToFolder(FileUploadHandler):
    """Writes the one file of a form into the folder of uploads."""

    chunk_size = 2**20

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.upload_id = uuid.uuid4()
        self.received = 0
        self._out: IO[bytes] | None = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != FIELD or self.received or self._out is not None:
            raise SkipFile
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        path = importing.path_of(self.upload_id)
        self._out = os.fdopen(os.open(path, flags, 0o600), "wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._out is not None
        self.received += len(raw_data)
        if self.received > most_bytes():
            self.forget()
            raise StopUpload(connection_reset=True)
        self._out.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self._out is None:
            return None
        self._out.close()
        self._out = None
        return UploadedFile(name=self.file_name, size=file_size)

    def upload_interrupted(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Delete what was received."""
        if self._out is not None:
            self._out.close()
            self._out = None
        importing.path_of(self.upload_id).unlink(missing_ok=True)
