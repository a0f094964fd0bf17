"""Dates as collections know them: a day, a month or a year, never more than the source says.

A date is its ISO 8601 text in reduced precision ("1858", "1858-08", "1858-08-16", or with a time), so
that the order of the texts is the order of the dates.
"""

from __future__ import annotations

import datetime as dt
import re

import msgspec

MONTHS = ("January February March April May June July August September October November December").split()
_ISO = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:\.\d+)?)\s*(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?)?)?)?\Z", re.ASCII
)
_CLOCK = re.compile(r"(.{10})T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(.*)")


class Date(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A publication or event date. `iso` as above; sorts by time, a year before its months."""

    iso: str

    @property
    def year(self) -> int:
        return int(self.iso[:4])

    @property
    def month(self) -> int:
        """1 to 12, or 0 where only the year is known."""
        return int(self.iso[5:7]) if len(self.iso) >= 7 else 0

    @property
    def day(self) -> int:
        """1 to 31, or 0 where the day is not known."""
        return int(self.iso[8:10]) if len(self.iso) >= 10 else 0

    @property
    def text(self) -> str:
        """As people write it: "16 August 1858", "August 1858", "1858"."""
        parts = [str(self.day) if self.day else "", MONTHS[self.month - 1] if self.month else "", str(self.year)]
        return " ".join(part for part in parts if part)

    @property
    def machine(self) -> str:
        """For `<time datetime>`: ISO 8601, which HTML takes in every precision."""
        return self.iso

    @property
    def rfc3339(self) -> str:
        """For feeds: a full time, the first instant the date allows, in UTC where no zone is given."""
        if "T" in self.iso:
            day, clock, zone = _CLOCK.match(self.iso).groups()  # type: ignore[union-attr]  # parse admits no other
            return f"{day}T{clock if clock.count(':') == 2 else clock + ':00'}{_zone(zone)}"
        return f"{self.year:04d}-{self.month or 1:02d}-{self.day or 1:02d}T00:00:00Z"

    def after(self, today: dt.date) -> bool:
        """Whether the date lies wholly after `today`."""
        return (self.year, self.month or 1, self.day or 1) > (today.year, today.month, today.day)

    @staticmethod
    def parse(text: str) -> Date:
        """Read an ISO date in any precision.

        Raises: ValueError where it is no date, or names a day that never was.
        """
        iso = text.strip()
        found = _ISO.match(iso)
        if not found:
            raise ValueError(f'"{text}" is not a date')
        year, month, day, clock, zone = found.groups()
        dt.date(int(year), int(month or 1), int(day or 1))  # raises for the 30th of February
        if clock:
            dt.time.fromisoformat(clock)
            iso = f"{iso[:10]}T{clock}{zone or ''}"
        return Date(iso)


def _zone(zone: str) -> str:
    """A time zone as RFC 3339 writes it; UTC where none was given."""
    return zone or "Z" if ":" in zone or len(zone) < 2 else f"{zone[:3]}:{zone[3:]}"
