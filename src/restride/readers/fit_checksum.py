"""The checksum of FIT files (CRC-16/ARC), of many bytes at once."""

from typing import Final

import numpy as np
import numpy.typing as npt

POLYNOMIAL: Final = 0xA001  # x^16 + x^15 + x^2 + 1, lowest bit first
BLOCK: Final = 64  # bytes; few steps over many blocks, and few blocks to put together


def checksum(content: bytes) -> int:
    """CRC-16/ARC of the content, which begins at 0.

    Notes
    -----
    The checksum is linear: that of two parts in a row is that of the first, followed by as
    many zero bytes as the second has, exclusive-or that of the second. So equal blocks are
    summed side by side, and then put together. Zeros in front change nothing.
    """
    blocks = np.frombuffer(bytes(-len(content) % BLOCK) + content, dtype=np.uint8).reshape(-1, BLOCK)
    table = _table()
    sums = np.zeros(len(blocks), dtype=np.uint16)
    for byte in blocks.T:
        sums = (sums >> 8) ^ table[(sums ^ byte) & 0xFF]
    # what a block of zeros makes of each half of a checksum
    halves = np.concatenate([np.arange(256, dtype=np.uint16), np.arange(256, dtype=np.uint16) << 8])
    for _ in range(BLOCK):
        halves = (halves >> 8) ^ table[halves & 0xFF]
    low, high = halves[:256].tolist(), halves[256:].tolist()
    whole = 0
    for part in sums.tolist():
        whole = low[whole & 0xFF] ^ high[whole >> 8] ^ part
    return whole


def _table() -> npt.NDArray[np.uint16]:
    """The checksum of each single byte, shape (256,)."""
    states = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        states = np.where(states & 1, (states >> 1) ^ POLYNOMIAL, states >> 1).astype(np.uint16)
    return states
