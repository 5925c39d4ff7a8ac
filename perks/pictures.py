"""Pictures of perks: really decoded, drawn anew in two sizes without any metadata, and served."""

import re
import secrets
import warnings
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 5_000_000
MOST_PIXELS = 40_000_000
LEAST_WIDTH, LEAST_HEIGHT = 320, 180
# Widths in px at 16:9: of a card, and of a perk's own page.
WIDTHS = (480, 960)
FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"^[0-9a-f]{32}$")


class NoPicture(ValueError):
    """The file is not a picture that can be used; the text says why, in the reader's language."""


def folder() -> Path:
    """Return where pictures are."""
    return Path(settings.VAR_DIR) / "uploads" / "perks"


def path_of(name: str, width: int) -> Path | None:
    """Return the file of a picture, None where there is none of that name and width."""
    if not _NAME.match(name) or width not in WIDTHS:
        return None
    path = folder() / f"{name}-{width}.webp"
    return path if path.is_file() else None


def checked(upload: IO[bytes], size: int) -> Image.Image:
    """Return the decoded picture, upright and without metadata; else raise NoPicture."""
    if size > MOST_BYTES:
        raise NoPicture(_("The picture is larger than 5 MB."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            upload.seek(0)
            with Image.open(upload, formats=FORMATS) as opened:
                # Only the head was read so far: a small file may claim a huge picture.
                width, height = opened.size
                if width * height > MOST_PIXELS:
                    raise NoPicture(_("The picture has more than 40 million pixels."))
                if width < LEAST_WIDTH or height < LEAST_HEIGHT:
                    raise NoPicture(_("The picture is smaller than 320 by 180 pixels."))
                opened.load()
                return ImageOps.exif_transpose(opened).convert("RGB")
    except NoPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NoPicture(_("The picture has more than 40 million pixels.")) from None
    except UnidentifiedImageError:
        raise NoPicture(_("This is not a JPEG, PNG or WebP picture.")) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise NoPicture(_("The picture is damaged and could not be read.")) from None


def store(picture: Image.Image) -> str:
    """Return the name under which the picture is kept in both sizes."""
    name = secrets.token_hex(16)
    folder().mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        drawn = ImageOps.fit(picture, (width, width * 9 // 16), Image.Resampling.LANCZOS)
        drawn.save(folder() / f"{name}-{width}.webp", "WEBP", quality=72, method=4)
    return name


def remove(name: str) -> None:
    """Remove a picture's files."""
    if _NAME.match(name):
        for width in WIDTHS:
            (folder() / f"{name}-{width}.webp").unlink(missing_ok=True)
