"""What the exercise writes into docs/receivers.md, between its markers."""

from local_services.places import REPOSITORY

from .exercise import Result

PAGE = REPOSITORY / "docs" / "receivers.md"
SECTION = "servers"
NOTE = (
    "¹ A reload of this worker closes connections that were opened just before, without a byte of an answer. On a new connection that is a"
    "\nfailed attempt, and its retry delivers."
)


def table(results: list[Result]) -> str:
    rows = ["| server | version | deliveries | reloads | failed attempts | repeats |", "| --- | --- | ---: | ---: | ---: | ---: |"]
    for result in results:
        server = result.server
        reloads = str(result.reloads) if server.reloads else "–"
        mark = " ¹" if server.drops_new_connections else ""
        rows.append(
            f"| {server.name} | {server.version} | {result.deliveries:,} | {reloads} | {result.failed_attempts}{mark}"
            f" | {result.repeats} |"
        )
    if any(result.server.drops_new_connections for result in results):
        rows += ["", NOTE]
    return "\n".join(rows)


def write(text: str) -> None:
    begin, end = f"<!-- begin: {SECTION} -->", f"<!-- end: {SECTION} -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
