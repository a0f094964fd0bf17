"""A theme's assets, as plans; and where each is published, which its templates write. What was worked out once is remembered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cached_property, partial

import msgspec

from sitegen import kept
from sitegen.build import fonts
from sitegen.build.making import Job
from sitegen.build.memo import Memo, code_digest, digest
from sitegen.build.output import Plan
from sitegen.config import Config
from sitegen.model.digests import version_of
from sitegen.publish.assets import MINIFIERS, Published, named_by, published
from sitegen.render.theme import Finish, Theme

_MOST_KEPT = 500_000  # bytes of a theme's assets


class _Known(msgspec.Struct, array_like=True):
    """What the memo has: a digest of what assets were made of, and where they were published."""

    made_of: bytes
    paths: dict[str, str]


class Assets(msgspec.Struct, frozen=True, dict=True):
    """The assets of a theme and the style sheet of the reading face, made when they are first asked for."""

    theme: Theme
    config: Config

    @cached_property
    def fonts(self) -> dict[str, str]:
        """Where the files of the reading face are published, by what its style sheet calls them."""
        if not fonts.folder(self.config) or not fonts.shown(self.theme):
            return {}
        fixed = self.config.fingerprints and fonts.STYLES in self.named
        return {path: named_by(path, made_of.hex()) if fixed else path for path, made_of in fonts.files()}

    @cached_property
    def named(self) -> frozenset[str]:
        """What templates name by `asset`, and never otherwise."""
        if not self.config.fingerprints:
            return frozenset()
        named = self.theme.named_assets()
        every = frozenset(self.theme.asset_digests()) | {fonts.STYLES}
        return (every if named is None else named) - self.theme.plain_assets()

    @cached_property
    def made_of(self) -> bytes:
        """Of all that the assets, and their names, are made of."""
        minifiers = [version_of(name) for name in MINIFIERS] if self.config.minify else []
        raw = [*self.theme.asset_digests().items(), *self.fonts.items()]
        return digest(code_digest(), msgspec.msgpack.encode([minifiers, sorted(self.named), raw]))

    @cached_property
    def published(self) -> dict[str, Published]:
        """The files as they are published; those of a theme that was seen before from the person's cache folder."""
        held = kept.read("assets", self.made_of)
        with contextlib.suppress(msgspec.MsgspecError):
            return msgspec.msgpack.decode(held, type=dict[str, Published])
        made = self._made()
        if sum(len(file.data) for file in made.values()) <= _MOST_KEPT:
            kept.keep("assets", self.made_of, msgspec.msgpack.encode(made))
        return made

    def _made(self) -> dict[str, Published]:
        files = self.theme.assets()
        if self.fonts:
            files[fonts.STYLES] = fonts.styles()
        return published(files, self.named, minified=self.config.minify, elsewhere=self.fonts)


def finished(theme: Theme, config: Config, memo: Memo) -> Theme:
    """The theme as it is published: its templates write where its assets are."""
    assets = Assets(theme, config)
    name = f"assets {config.output}"
    stored = memo.get(name)
    known = msgspec.msgpack.decode(stored, type=_Known) if stored else None
    if known is None or known.made_of != assets.made_of:
        known = _Known(assets.made_of, {path: made.path for path, made in assets.published.items()} | assets.fonts)
        memo.set(name, msgspec.msgpack.encode(known))
    return theme.finished(Finish(known.paths, config.minify))


def plans(theme: Theme, config: Config) -> Iterator[Plan]:
    """Every asset of a finished theme, and the files of the reading face."""
    assets = Assets(theme, config)
    paths = theme.finish.assets or {}
    for path, into in paths.items():
        if path not in assets.fonts:
            owner = fonts.OWNER if path == fonts.STYLES else f"the theme {config.theme}"
            yield Plan(into, digest(b"asset", assets.made_of, path), partial(_asset, assets, path), owner)
    if assets.fonts:
        yield from fonts.plans(config, assets.fonts)


def _asset(assets: Assets, path: str) -> Job:
    made = assets.published[path]
    return Job(made.path, data=made.data)
