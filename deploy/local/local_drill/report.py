"""What the drill writes into docs/reliability.md, between its markers."""

from pathlib import Path
from typing import Any

from local_services.messages import Failure
from local_services.places import REPOSITORY

from . import repeats
from .conductor import Happening

PAGE = REPOSITORY / "docs" / "reliability.md"


def write(section: str, text: str, page: Path = PAGE) -> None:
    begin, end = f"<!-- begin: {section} -->", f"<!-- end: {section} -->"
    whole = page.read_text(encoding="utf-8")
    before, found, rest = whole.partition(begin)
    _, found_too, after = rest.partition(end)
    if not (found and found_too):
        raise Failure(f"{page} has no markers for {section}")
    page.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", encoding="utf-8")


def drill(
    accounts: dict[str, Any],
    records: dict[str, tuple[int, int]],
    happenings: list[Happening],
    circumstances: str,
    failures: list[str],
    fired: set[str] | None,
) -> str:
    webhooks = accounts["webhooks"]
    deliveries = sum(webhook["accepted"] for webhook in webhooks)
    duplicates = sum(webhook["duplicates"] for webhook in webhooks)
    lost = sum(webhook["lost"] for webhook in webhooks)
    parts = [
        circumstances,
        f"**{accounts['accepted']:,} events accepted, {deliveries:,} deliveries to make: {lost} lost,"
        f" {sum(one['delivered'] for one in webhooks):,} delivered, {sum(one['dead'] for one in webhooks):,} dead letters,"
        f" {duplicates} requests one too many.** {_given_up(accounts)}",
        "Each event is counted by its id at each webhook: what was answered with 202, what the receiver accepted, and"
        " what Posthorn lists as dead letter. “Recorded” is what Posthorn's own list of deliveries says.",
        _webhooks(webhooks, records),
        "From the moment at which an event was due, in milliseconds; faults are held, mended and lived down within their"
        " phase. “Caught up” is how long after the mending nothing was behind any more. Refusals are answers that made"
        " the publisher try again, which it does with the same idempotency key.",
        _phases(accounts["phases"], {happening.fault.name: happening for happening in happenings}),
        _repeats(accounts["phases"], happenings),
        _alerts(fired),
        _verdict(failures),
    ]
    return "\n\n".join(part for part in parts if part)


def upgrade(
    accounts: dict[str, Any], schemas: list[str], versions: str, circumstances: str, failures: list[str]
) -> str:
    webhooks = accounts["webhooks"]
    refusals = {kind: 0 for phase in accounts["phases"] for kind in phase["refusals"]}
    for phase in accounts["phases"]:
        for kind, count in phase["refusals"].items():
            refusals[kind] += count
    told = ", ".join(f"{count} × {kind}" for kind, count in sorted(refusals.items())) or "none"
    parts = [
        f"{versions} {circumstances}",
        f"**{accounts['accepted']:,} events accepted, {sum(one['lost'] for one in webhooks)} lost,"
        f" {sum(one['duplicates'] for one in webhooks)} requests one too many.** Publishers had to try again: {told}."
        f" The database's schema went from {schemas[0]} to {schemas[-1]}, and stayed there under the old version.",
        _phases(accounts["phases"], {}),
        _verdict(failures),
    ]
    return "\n\n".join(parts)


def _verdict(failures: list[str]) -> str:
    return "Verdict: " + ("passed." if not failures else "**failed**: " + "; ".join(failures) + ".")


def _alerts(fired: set[str] | None) -> str:
    if fired is None:
        return ""
    return f"Alerts that fired meanwhile: {', '.join(sorted(fired)) or 'none, for everything was mended within a minute'}."


def _given_up(accounts: dict[str, Any]) -> str:
    if not accounts["given_up"]:
        return "No publisher had to give an event up."
    return f"{accounts['given_up']} events were never accepted, and their publisher knows it."


def _webhooks(webhooks: list[dict[str, Any]], records: dict[str, tuple[int, int]]) -> str:
    lines = [
        "| receiver | accepted events | delivered | dead | lost | one too many | recorded: success, failed |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in webhooks:
        success, failed = records[one["name"]]
        lines.append(
            f"| {one['name']} | {one['accepted']:,} | {one['delivered']:,} | {one['dead']:,} | {one['lost']}"
            f" | {one['duplicates']} | {success:,}, {failed:,} |"
        )
    return "\n".join(lines)


def _phases(phases: list[dict[str, Any]], happenings: dict[str, Happening]) -> str:
    lines = [
        "| phase | events | accepted p50 / p99 / max | delivered p50 / p99 / max | refusals | one too many | caught up |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for phase in phases:
        if phase["accepted"] == 0 and not phase["duplicates"]:
            continue
        happening = happenings.get(phase["name"])
        caught_up = ""
        if happening:
            seconds = happening.settled_seconds
            caught_up = "no" if seconds is None else f"{seconds:.1f} s"
        refusals = ", ".join(f"{count} × {kind}" for kind, count in sorted(phase["refusals"].items())) or "–"
        lines.append(
            f"| {phase['name']} | {phase['accepted']:,} | {_latency(phase['accept_ms'])} | {_latency(phase['deliver_ms'])}"
            f" | {refusals} | {phase['duplicates']} | {caught_up} |"
        )
    return "\n".join(lines)


def _latency(of: dict[str, str]) -> str:
    return f"{of['p50']} / {of['p99']} / {of['max']}"


def _repeats(phases: list[dict[str, Any]], happenings: list[Happening]) -> str:
    why = {happening.fault.name: happening.fault.repeats for happening in happenings if happening.fault.repeats}
    found = repeats.of(phases, set(why))
    lines = [f"- {name} ({count}): {why[name]}." for name, count in found.by_fault.items()]
    lines += [f"- {name} ({count}): not explained." for name, count in found.unexplained.items()]
    return "\n".join(["Why requests were made once too often:", "", *lines]) if lines else "No request was made twice."
