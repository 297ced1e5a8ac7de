"""Whether a certificate is real: what can be told of a file that somebody holds (docs/rules/certificates.md)."""

import hashlib
import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

from app.kit.check_codes import read_code

MOST_BYTES = 10 * 1024 * 1024  # a certificate has some forty thousand
MOST_UNPACKED = 40 * 1024 * 1024
MOST_STREAMS = 2000
_CODE = re.compile(rb"(?:halfterm-check:|/check/)([0-9A-Za-z]{4}-?[0-9A-Za-z]{4}-?[0-9A-Za-z]{4})")


class FileIs(StrEnum):
    """What a file is, compared with what we issued."""

    EXACT = "exact"
    ALTERED = "altered"  # the code of one of ours inside, and other bytes
    UNKNOWN = "unknown"  # a code inside that we never issued
    NOT_OURS = "not ours"  # no code inside


FILE_WORDS = {
    FileIs.EXACT: "This file is exactly as it was issued: not one byte of it was changed.",
    FileIs.ALTERED: (
        "This file is not as it was issued. It has the code of the certificate below in it, but something in the file "
        "was changed. Some programs change a file when they only save it again; compare every line with what follows."
    ),
    FileIs.UNKNOWN: "This file has a check code in it that was never issued here. It is not a certificate of Halfterm.",
    FileIs.NOT_OURS: (
        "No check code was found in this file. It is not a certificate of Halfterm, or its code was taken out, "
        "as printing it anew or photographing it does. If a code is printed on it, type that code."
    ),
}


def digest(data: bytes) -> bytes:
    """SHA-256 of the exact bytes."""
    return hashlib.sha256(data).digest()


def codes_in(data: bytes) -> list[str]:
    """Check codes that a PDF carries: in its properties, or in the address of the page that checks; each once."""
    found: dict[str, None] = {}
    for part in _parts(data):
        for text in _CODE.findall(part):
            code = read_code(text.decode("ascii")).code
            if code:
                found[code] = None
    return list(found)


def _parts(data: bytes) -> Iterator[bytes]:
    """The file as it is, then what is packed in it, as far as a small file can hold it."""
    yield data
    left = MOST_UNPACKED
    for number, (begin, end) in enumerate(_streams(data)):
        if number == MOST_STREAMS or left <= 0:
            return
        try:
            unpacked = zlib.decompressobj().decompress(data[begin:end], left)
        except zlib.error:
            continue
        left -= len(unpacked)
        yield unpacked


def _streams(data: bytes) -> Iterator[tuple[int, int]]:
    """Where each packed part lies; what was cut off has none."""
    at = 0
    while (begin := data.find(b"stream", at)) >= 0:
        end = data.find(b"endstream", begin)
        if end < 0:
            return
        begin += len(b"stream")
        yield begin + (2 if data[begin : begin + 2] == b"\r\n" else 1), end
        at = end + len(b"endstream")
