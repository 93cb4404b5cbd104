#!/usr/bin/env python3
"""Writes test/golden/assignment.json: the frozen vectors of unit hashing and assignment.

Written from the published definitions (MurmurHash3 x86_32, FNV-1a) and from the documented scheme, not from the
TypeScript. The murmur3 here is first checked against SMHasher's verification value for MurmurHash3_x86_32.
Usage: python3 scripts/golden/assignment.py > test/golden/assignment.json
"""

import json
import sys
from fractions import Fraction

CIRCLE = 2**32
MASK = CIRCLE - 1


def murmur3_x86_32(data: bytes, seed: int) -> int:
    def rotl(x, r):
        return ((x << r) | (x >> (32 - r))) & MASK

    def scramble(k):
        return (rotl((k * 0xCC9E2D51) & MASK, 15) * 0x1B873593) & MASK

    h = seed & MASK
    blocks = len(data) // 4
    for i in range(blocks):
        h ^= scramble(int.from_bytes(data[4 * i : 4 * i + 4], "little"))
        h = (rotl(h, 13) * 5 + 0xE6546B64) & MASK
    tail = data[4 * blocks :]
    if tail:
        h ^= scramble(int.from_bytes(tail, "little"))
    h ^= len(data)
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & MASK
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & MASK
    return h ^ (h >> 16)


def smhasher_verification() -> int:
    """SMHasher's VerificationTest: keys {}, {0}, {0,1}, ... with seed 256 - i, then the hash of the hashes."""
    hashes = b"".join(murmur3_x86_32(bytes(range(i)), 256 - i).to_bytes(4, "little") for i in range(256))
    return murmur3_x86_32(hashes, 0)


def utf8(text: str) -> bytes:
    """UTF-8 with every lone surrogate as U+FFFD, as the Encoding standard's UTF-8 encoder does."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode("utf-8")


def murmur3(text: str, seed: int) -> int:
    return murmur3_x86_32(utf8(text), seed)


def hash_seed(*parts: str) -> int:
    """One netstring-like prefix per part, hashed with the scheme's version (1) as seed."""
    data = b"".join(str(len(utf8(p))).encode() + b":" + utf8(p) for p in parts)
    return murmur3_x86_32(data, 1)


def fnv1a_utf16(text: str) -> int:
    units = text.encode("utf-16-le", "surrogatepass")
    h = 0x811C9DC5
    for i in range(0, len(units), 2):
        h = ((h ^ int.from_bytes(units[i : i + 2], "little")) * 0x01000193) & MASK
    return h


def growthbook_bucket(seed: str, value: str, version: int) -> int:
    if version == 1:
        return fnv1a_utf16(value + seed) % 1000
    return fnv1a_utf16(str(fnv1a_utf16(seed + value))) % 10000


def widths(shares):
    """Largest remainders on the grid of 2^32 positions; equal fractions go to the earlier arm."""
    exact = [Fraction(s) * CIRCLE for s in shares]
    out = [int(e) for e in exact]
    order = sorted(range(len(shares)), key=lambda i: -(exact[i] - out[i]))
    for i in order[: CIRCLE - sum(out)]:
        out[i] += 1
    return out


def above(position: int, share: float) -> bool:
    """Within the share counted from the top of the circle."""
    return position >= int(Fraction(1 - share) * CIRCLE + Fraction(1, 2))


def assign(case, unit: str) -> str:
    name, salt = case["name"], case.get("salt", "")
    if "namespace" in case:
        ns = case["namespace"]
        low, high = (int(Fraction(x) * CIRCLE + Fraction(1, 2)) for x in ns["range"])
        if not low <= murmur3(unit, hash_seed("namespace", ns["id"])) < high:
            return "not-in-namespace"
    if "holdout" in case:
        if above(murmur3(unit, hash_seed("holdout", case["holdout"].get("id", "global"))), case["holdout"]["share"]):
            return "holdout"
    if "exposure" in case:
        if not above(murmur3(unit, hash_seed("exposure", name, salt)), case["exposure"]):
            return "not-exposed"
    position = murmur3(unit, hash_seed("arm", name, salt))
    end = 0
    for arm, width in enumerate(widths(case["shares"])):
        end += width
        if position < end:
            return str(arm)
    raise AssertionError


TEXTS = [
    "", "a", "ab", "abc", "abcd", "hello", "0", "1", "-1.5", "user-1", "user-2", " ", "\x00", "\x7f", "\x80", "\u07ff", "\u0800",
    "\uffff", "\U00010000", "\U0010ffff", "é", "e\u0301", "żółć", "日本語", "😀", "wafer-😀-17", "\ud800", "\udc00", "a\ud83d",
    "\ude00\ud83d", "00000000-0000-4000-8000-000000000000", "f47ac10b-58cc-4372-a567-0e02b2c3d479",
    "18446744073709551616", "x" * 255, "ü" * 100,
]
SEEDS = [0, 1, 42, 0x80000000, 0xFFFFFFFF]
PARTS = [
    ["arm", "yield-v2", ""], ["arm", "yield-v2", "2"], ["exposure", "yield-v2", ""], ["namespace", "checkout"],
    ["holdout", "global"], ["ab", "c"], ["a", "bc"], ["abc"], [], [""], ["", ""], ["żółć", "😀"], ["\ud800"], ["\u07ff"], ["\u0800"], ["\uffff"],
]
EXPERIMENTS = [
    {"name": "yield-v2", "shares": [0.5, 0.5]},
    {"name": "yield-v2", "salt": "second", "shares": [0.9, 0.1]},
    {"name": "four", "shares": [0.4, 0.3, 0.2, 0.1]},
    {"name": "gated", "shares": [0.5, 0.5], "namespace": {"id": "checkout", "range": [0.25, 0.85]},
     "holdout": {"share": 0.1}, "exposure": 0.6},
    {"name": "żółć-😀", "salt": "日本", "shares": [0.7, 0.3], "holdout": {"id": "q3", "share": 0.3}},
]
UNITS = [t for t in TEXTS if t] + [f"user-{i}" for i in range(3, 40)]


def main():
    assert smhasher_verification() == 0xB0F57EE3, hex(smhasher_verification())
    golden = {
        "topic": "assignment",
        "sources": "scripts/golden/assignment.py; MurmurHash3_x86_32 checked against SMHasher's 0xB0F57EE3",
        "notes": ["Frozen: a change here reassigns users, and is a new version of the scheme."],
        "murmur3": [[t, s, murmur3(t, s)] for t in TEXTS for s in SEEDS],
        "hashSeed": [[p, hash_seed(*p)] for p in PARTS],
        "growthbook": [[s, t, v, growthbook_bucket(s, t, v)] for s in ["exp", "", "żółć"] for t in TEXTS if t for v in (1, 2)],
        "experiments": [{**c, "assignments": [[u, assign(c, u)] for u in UNITS]} for c in EXPERIMENTS],
    }
    # One case a line; lone surrogates stay escaped.
    text = json.dumps(golden, ensure_ascii=True)
    for mark in ("], [", "}, {"):
        text = text.replace(mark, mark.replace(" ", "\n"))
    sys.stdout.write(text + "\n")


main()
