"""Commands that look and answer: why a page was written, what a change would touch, whether all is well."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from sitegen.cli import options
from sitegen.cli.codes import CONTENT, DONE
from sitegen.cli.ground import config_at, mode_of, pool_of
from sitegen.cli.terms import Progress, plural, print_issues
from sitegen.errors import Severity, errors


@click.command()
@click.argument("url")
@options.drafts
@click.pass_obj
def why(directory: Path, url: str, drafts: bool) -> None:
    """Say why the page or file at URL was last written: what had changed for it."""
    from sitegen.build import explain
    from sitegen.build.memo import Memo

    config = config_at(directory)
    with Memo.at(config.memo) as memo:
        found = explain.why(config, memo, mode_of(strict=False, drafts=drafts), url)
    what = f" ({found.owner})" if found.owner else ""
    click.echo(f"{found.url}{what} was last written by build {found.build}:")
    for cause in found.causes:
        click.echo(f"  {cause}")


@click.command()
@click.argument("file")
@options.drafts
@click.option("--all", "everything", is_flag=True, help="Name every page, not only the first ten.")
@click.pass_obj
def impact(directory: Path, file: str, drafts: bool, everything: bool) -> None:
    """Say which pages a change of FILE would touch."""
    from sitegen.build import explain
    from sitegen.build.memo import Memo

    config = config_at(directory)
    with Memo.at(config.memo) as memo:
        found = explain.impact(config, memo, mode_of(strict=False, drafts=drafts), str(directory / file))
    for touched in found:
        click.echo(f"Where {touched.when}: {plural(len(touched.urls), 'page')}")
        shown = touched.urls if everything else touched.urls[:10]
        for url in shown:
            click.echo(f"  {url}")
        if len(touched.urls) > len(shown):
            click.echo(f"  … and {len(touched.urls) - len(shown):,} more (--all)")


@click.command()
@options.strict
@options.drafts
@click.option("--external", is_flag=True, help="Ask the addresses outside that are linked to.")
@options.in_form
@click.pass_obj
def check(directory: Path, strict: bool, drafts: bool, external: bool, form: str) -> None:
    """List everything that is wrong, with places and remedies. Writes nothing into the collection."""
    from sitegen.build import pipeline
    from sitegen.build.memo import Memo

    config = config_at(directory)
    mode = mode_of(strict=strict, drafts=drafts)
    bounds = None
    if external:
        from sitegen.outside.round import Bounds

        bounds = Bounds()
    with Memo.none() as memo, pool_of(0) as pool, Progress("asking", enabled=external and form == "text") as progress:
        issues = pipeline.examine(config, memo, mode, pool, bounds, progress.step)
    print_issues(issues, form)
    if form == "text":
        counts = Counter(issue.severity for issue in issues)
        click.echo(", ".join(plural(counts[severity], severity) for severity in Severity if counts[severity]) or "Nothing found")
    sys.exit(CONTENT if errors(issues) else DONE)


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How findings are printed.")
@click.pass_obj
def doctor(directory: Path, form: str) -> None:
    """Say what is installed and works on this machine, and what to do about the rest."""
    from msgspec.structs import asdict

    from sitegen.config import in_collection
    from sitegen.doctor import State, examined

    findings = []
    for finding in examined(config_at(directory) if in_collection(directory) else None):
        findings.append(finding)
        if form == "text":
            colour = {State.OK: "green", State.WRONG: "red"}.get(finding.state, "yellow")
            click.echo(f"{click.style(f'{finding.state:<7}', fg=colour)}{finding.name:<14}{finding.fact}")
            if finding.help:
                click.echo(f"  help: {finding.help}")
    if form == "json":
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    sys.exit(CONTENT if any(finding.state is State.WRONG for finding in findings) else DONE)


@click.command()
@click.option("--record", is_flag=True, help="Add them to content/urls.csv, and the ids of paragraphs to content/paragraphs.csv.")
@click.pass_obj
def addresses(directory: Path, record: bool) -> None:
    """List the addresses of pages that the ledger of addresses does not have, or record them with their paragraphs."""
    from sitegen.build import addresses as ledger
    from sitegen.build.memo import Memo

    config = config_at(directory)
    with Memo.none() as memo, pool_of(0) as pool:
        found = ledger.recording(config, memo, mode_of(strict=False, drafts=False), pool)
    for url in found.new:
        click.echo(url)
    if record and (found.new or found.changed):
        ledger.record(config, found)
    told = "recorded" if record else "not recorded"
    click.echo(f"{len(found.new):,} {told}; pages with new paragraphs: {len(found.changed):,} {told}.", err=True)


@click.command()
@click.option("--against", metavar="FILE|REV", default="", help="A manifest, or a git revision; else what git has published.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    help="For a person, a comment, a machine.",
)
@click.option("--all", "everything", is_flag=True, help="As text, show every line, not only the first.")
@click.option(
    "--max-length",
    metavar="N",
    default=65_536,
    show_default=True,
    type=click.IntRange(0),
    help="As Markdown, at most so many characters; 0 for any number.",
)
@click.option("--no-search", is_flag=True, help="Leave the search index out of both.")
@click.option("--no-exports", is_flag=True, help="Leave the files of /data/ out of both.")
@options.jobs
@click.pass_obj
def diff(
    directory: Path, against: str, form: str, everything: bool, max_length: int, no_search: bool, no_exports: bool, jobs: int
) -> None:  # fmt: skip
    """Say what readers would see change: pages, mentions, addresses, sizes.

    The collection as it lies here is compared with a manifest of sitegen build, or with a git revision. Nothing is written.
    """
    from sitegen.build.diffs import diff as run

    config = config_at(directory)
    mode = mode_of(strict=False, drafts=False, search=not no_search, exports=not no_exports)
    with pool_of(jobs) as pool, Progress("comparing", enabled=form == "text") as progress:
        pool.progress = progress.steps
        done = run(config, against, directory, mode, pool)
    if form == "markdown":
        from sitegen.compare.comment import comment

        click.echo(comment(done.found, done.told, max_length), nl=False)
    else:
        from sitegen.compare import report

        if form == "json":
            click.echo(json.dumps(report.as_json(done.found, done.told, sound=done.is_sound), ensure_ascii=False, indent=1))
        else:
            for line in report.lines(done.found, done.told, everything=everything):
                click.echo(line)
    sys.exit(DONE if done.is_sound else CONTENT)


@click.command()
@click.argument("site", required=False, type=click.Path(path_type=Path))
@click.option("--collection", metavar="DIR", type=click.Path(path_type=Path), help="The collection that it is said to be of.")
@click.option("--rebuild", is_flag=True, help="Build the collection again as well, and compare.")
@options.drafts
@options.in_form
@click.pass_obj
def verify(directory: Path, site: Path | None, collection: Path | None, rebuild: bool, drafts: bool, form: str) -> None:
    """Say whether a published site is what its receipt says, and came from a collection.

    SITE is the site's folder. Without it, the site of the collection here is compared with that collection.
    """
    from sitegen.build import receipts
    from sitegen.build.memo import Memo

    config = config_at(directory / collection if collection else directory) if collection or not site or rebuild else None
    folder = directory / site if site else (config.output if config else directory)
    receipt = receipts.read_receipt(folder)
    mode = mode_of(strict=False, drafts=drafts)
    issues = list(receipts.check_site(folder, receipt))
    if config:
        with Memo.none() as memo, pool_of(0) as pool:
            issues += receipts.check_collection(config, receipt, memo, mode, pool)
            issues += receipts.check_rebuilt(config, receipt, mode, pool) if rebuild else ()
    print_issues(issues, form)
    if form == "text":
        came = f", and of the {plural(receipt.read.files, 'file')} of the collection" if config else ""
        click.echo(
            f"Verified: the site is the {plural(receipt.made.files, 'file')} of its receipt{came}." if not issues
            else f"Not verified: {plural(len(issues), 'difference')}."
        )  # fmt: skip
    sys.exit(CONTENT if errors(issues) else DONE)
