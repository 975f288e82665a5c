"""Random words by name: who you are says which words are yours, not when they are drawn.

A stream is the Philox4x64-10 generator (Salmon et al. 2011) under a key that is the BLAKE2b hash of
its name and the seed. Its counter is (ordinal, block, replication, day and visit), so that every
visitor's words can be computed alone, in any order. One block has four words of 64 bits.

Why this way: a generator for each source and day would cost 10 microseconds to make; re-keying one
Philox costs 1. Names, not an order of creation, make added tenants leave the others unchanged.
"""

from __future__ import annotations

import hashlib
import threading
import unicodedata

import numpy as np
from numpy.typing import NDArray

from mppsim.plan.plan import Floats

Words = NDArray[np.uint64]

VISITOR_BLOCK = 0
"""Words: arrival; patience; class and party (halves); balking and the patience's component."""
DAY_BLOCK = 2
"""Words of a source: number of visitors; of the hall: busy factor (word 1); of a counter: absence,
late start, and the late start's component (half)."""
BOOKING_BLOCK = 4
"""Words: whether a visitor books; punctuality; no-show and punctuality's component."""
CHANNEL_BLOCK = 6
"""Words: whether a visitor does it online; whether he waits elsewhere; two to spare."""
RETURN_BLOCK = 8
"""Words: arrival on the day on which a visitor comes back; three to spare."""
HALL = "hall"
"""The stream of the hall itself; a source is called `tenant/service`, so none has this name."""

_PERSON = b"mppsim-stream-1"


def stream_key(seed: int, name: str) -> Words:
    """Return the key, shape (2,), of the stream with this name; `seed` is from 0 to 2**64 - 1."""
    digest = hashlib.blake2b(
        unicodedata.normalize("NFC", name).encode(),
        digest_size=16,
        key=seed.to_bytes(8, "little"),
        person=_PERSON,
    ).digest()
    return np.frombuffer(digest, "<u8").astype(np.uint64)


def station_block(station: str) -> int:
    """Return the block of a visit to a station; odd, so that it is never one of the fixed blocks.

    Words: service; choice of line; route and the service's component (halves); one to spare.
    """
    name = unicodedata.normalize("NFC", station).encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little") | 1


def call_block(station: str) -> int:
    """Return the block of the calls at a station: even, next to that of the visit.

    Words: whether the visitor misses the call; whether he comes back from elsewhere; the time that
    he needs for it, and its component (half).
    """
    return station_block(station) - 1


class WordSource:
    """Computes words; re-keys one Philox for each thread."""

    def __init__(self) -> None:
        self._of_thread = threading.local()

    def words(
        self, key: Words, block: int, *, replication: int, day: int, n: int, visit: int = 0
    ) -> Words:
        """Return the words of ordinals 0 to n - 1, shape (n, 4)."""
        # The counter's first word is the ordinal plus 1: Philox counts up before it draws.
        philox = self._philox()
        counter = np.array([0, block, replication, day | visit << 32], np.uint64)
        philox.state = {
            "bit_generator": "Philox",
            "state": {"counter": counter, "key": key},
            "buffer": np.zeros(4, np.uint64),
            "buffer_pos": 4,
            "has_uint32": 0,
            "uinteger": 0,
        }
        return philox.random_raw(4 * n).astype(np.uint64, copy=False).reshape(n, 4)

    def _philox(self) -> np.random.Philox:
        if not hasattr(self._of_thread, "philox"):
            self._of_thread.philox = np.random.Philox(key=0)
        philox: np.random.Philox = self._of_thread.philox
        return philox


def uniform(words: Words) -> Floats:
    """Return uniforms in (0, 1), never 0 or 1, from the top 52 bits; non-decreasing in the word."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52


def tails(words: Words) -> tuple[Floats, NDArray[np.bool_]]:
    """Return (t, upper): the uniform u is t, or 1 - t where `upper`, with t in (0, 1/2) exact.

    A uniform near 1 keeps all its bits this way, so both tails of a law are exact.
    """
    top = words >> np.uint64(11)
    upper = top >= np.uint64(2**52)
    from_edge = np.where(upper, np.uint64(2**53 - 1) - top, top)
    return (from_edge.astype(np.float64) + 0.5) * 2.0**-53, upper


def high_half(words: Words) -> Floats:
    """Return uniforms in (0, 1) from the upper 32 bits."""
    return ((words >> np.uint64(32)).astype(np.float64) + 0.5) * 2.0**-32


def low_half(words: Words) -> Floats:
    """Return uniforms in (0, 1) from the lower 32 bits."""
    return ((words & np.uint64(2**32 - 1)).astype(np.float64) + 0.5) * 2.0**-32
