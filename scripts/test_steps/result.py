"""What came of a step, and the table of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from .step import Step


@dataclass(frozen=True)
class Result:
    step: Step
    code: int
    began: float
    """Seconds after the first step began."""
    seconds: float
    cpu_seconds: float
    """Of its processes that it waited for; a server that it leaves running is not among them."""
    tests: int


def table(results: Sequence[Result], seconds: float) -> str:
    width = max(len(result.step.name) for result in results)
    lines = [f"{'step':{width}}  from s  seconds  of processor  tests"]
    for result in sorted(results, key=lambda one: one.began):
        lines.append(
            f"{result.step.name:{width}}  {result.began:6.0f}  {result.seconds:7.0f}  {result.cpu_seconds:12.0f}"
            f"  {result.tests or '':>5}{'' if result.code == 0 else '  FAILED'}"
        )
    processor, tests = sum(one.cpu_seconds for one in results), sum(one.tests for one in results)
    lines.append(f"{'all':{width}}  {0:6.0f}  {seconds:7.0f}  {processor:12.0f}  {tests:5}")
    return "\n".join(lines)
