"""Which pilots facts speak of together."""

from __future__ import annotations

NEAR = ("tehostettu-tyonvalitys", "rekrytoiva-satakunta", "ict-rekry")
"""Closer to working life (SUR-13)."""
FAR = (
    "omavalmentaja", "palvelumanageri", "kopakka-kainuu", "keski-suomi-osatyokykyiset",
)  # fmt: skip
"""Further from it: the text says so of them, or of their target group."""
PURCHASED = (
    *NEAR, *FAR, "ekatyo", "forssa-uusi-toimintamalli", "sujuvat-palvelupolut", "avo", "aimo",
    "focus-tyopolut", "tyotalo", "kasvo-etela-savo", "pohjois-savo-haastekilpailu",
)  # fmt: skip
"""Employment pilots with clients of their own; the Pirkanmaa pilot is Focus and Työtalo."""
WEIGHTS = {
    "tyotalo": 225.0,
    "palvelumanageri": 102.0,
    "avo": 105.0,
    "ict-rekry": 84.0,
    "tehostettu-tyonvalitys": 611.0,
    "rekrytoiva-satakunta": 136.0,
    "kasvo-etela-savo": 14.0,
    "aimo": 94.0,
    "forssa-uusi-toimintamalli": 98.0,
    "ekatyo": 69.0,
    "pohjois-savo-haastekilpailu": 7.0,
    "omavalmentaja": 176.0,
    "keski-suomi-osatyokykyiset": 32.0,
    "kopakka-kainuu": 18.0,
    "focus-tyopolut": 370.0,
}
"""Answers to the TEM survey by pilot (T4-PIL); Forssa under its two labels."""
SURVEYED = tuple(WEIGHTS)
EMPLOYMENT = tuple(name for name in PURCHASED if name != "avo")
"""Pilots with jobs among their goals."""
