"""Which shared libraries a Linux binary asks for, read from the file: arm64 code cannot be tried on every machine."""

from __future__ import annotations

import struct
from pathlib import Path

DYNAMIC, LOAD = 2, 1
NEEDED, STRING_TABLE = 1, 5


def needed(path: Path) -> set[str]:
    """The names that the dynamic loader will look for (DT_NEEDED) in a 64-bit little-endian binary.

    Raises ValueError if `path` is not one.
    """
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path.name} is not a 64-bit little-endian ELF file")
    segments = _segments(data)
    entries = [entry for kind, offset, _, size in segments if kind == DYNAMIC for entry in _pairs(data, offset, size)]
    addresses = [value for tag, value in entries if tag == STRING_TABLE]
    if not addresses:
        return set()
    strings = _file_offset(addresses[0], segments)
    return {_text(data, strings + value) for tag, value in entries if tag == NEEDED}


def _segments(data: bytes) -> list[tuple[int, int, int, int]]:
    """(kind, offset in the file, address, size in the file) of every program header."""
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    found = []
    for position in range(table, table + size * count, size):
        kind, _, offset, address, _, in_file = struct.unpack_from("<IIQQQQ", data, position)
        found.append((kind, offset, address, in_file))
    return found


def _pairs(data: bytes, offset: int, size: int) -> list[tuple[int, int]]:
    return [struct.unpack_from("<qQ", data, position) for position in range(offset, offset + size, 16)]


def _file_offset(address: int, segments: list[tuple[int, int, int, int]]) -> int:
    return next(
        offset + address - start
        for kind, offset, start, size in segments
        if kind == LOAD and start <= address < start + size
    )


def _text(data: bytes, start: int) -> str:
    return data[start : data.index(b"\0", start)].decode("ascii")
