"""A plan: claims, rules, null models and parameters, written down before a film is looked at.

A verdict by rules that were chosen after looking is no test. A plan is a file beside the study with
its date and a hash of what it says; results name it, say whether it was there before the first run
into their folder, and list each thing in which the study has departed from it.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from ostinato.errors import StudyError
from ostinato.measures import RULES
from ostinato.results import Rules
from ostinato.study.study import Parameters, Study
from ostinato.whole_files import read_whole

PLAN_NAME = "plan.json"
"""How the plan of a study is called; it lies beside the `study.toml`."""
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was planned, when, by which version; `sha256` is that of `content`."""

    made_at: str
    version: str
    sha256: str
    content: dict[str, Any]


def plan_of(study: Study, *, made_at: str, version: str) -> Plan:
    """Write down by what a study decides.

    Parameters
    ----------
    study : Study
        With its claims and parameters.
    made_at : str
        Date and time, in ISO 8601.
    version : str
        Of the program.

    Returns
    -------
    Plan
        The same study gives the same hash.

    Raises
    ------
    StudyError
        If the study claims nothing.
    """
    if not study.claims:
        raise StudyError(
            str(study.film),
            "the study states no claim, so that there is nothing to plan",
            "Put [[claims]] into study.toml; `ostinato init --template chungking-express` writes "
            "all that there are",
        )
    content = _content(study)
    return Plan(made_at=made_at, version=version, sha256=_hash(content), content=content)


def encode_plan(plan: Plan) -> bytes:
    """Encode a plan as indented JSON.

    Parameters
    ----------
    plan : Plan
        What to write.

    Returns
    -------
    bytes
        UTF-8, ending in a newline.
    """
    return json.dumps(dataclasses.asdict(plan), indent=1, ensure_ascii=False).encode() + b"\n"


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Parameters
    ----------
    path : pathlib.Path
        Of a `plan.json`.

    Returns
    -------
    Plan
        As it was written.

    Raises
    ------
    StudyError
        If it cannot be read, holds no plan, or is not as it was written.
    """
    mend = "Take the plan as `ostinato plan` wrote it, or move it away"
    try:
        plan = msgspec.json.decode(read_whole(path, most_bytes=_MOST_BYTES), type=Plan)
        datetime.fromisoformat(plan.made_at).timestamp()
    except OSError as error:
        raise StudyError(str(path), f"it cannot be read ({error.strerror})", mend) from error
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise StudyError(str(path), f"it holds no plan ({error})", mend) from error
    if _hash(plan.content) != plan.sha256:
        raise StudyError(str(path), "it was changed after it had been written", mend)
    return plan


def rules_of(study: Study, plan: Plan | None, *, first_run_at: str) -> Rules:
    """Say by which rules a study was decided, and whether these were set before looking.

    Parameters
    ----------
    study : Study
        As it was analysed.
    plan : Plan or None
        That of the study, if there is one.
    first_run_at : str
        When the film was first analysed into its folder, in ISO 8601.

    Returns
    -------
    Rules
        What results keep of it.
    """
    if plan is None:
        is_default = study.parameters == Parameters()
        return Rules(set_by="defaults" if is_default else "study")
    made, run = (datetime.fromisoformat(when) for when in (plan.made_at, first_run_at))
    return Rules(
        set_by="plan",
        plan_sha256=plan.sha256,
        planned_at=plan.made_at,
        was_before_looking=made.timestamp() <= run.timestamp(),
        deviations=tuple(_departures(plan.content, study)),
    )


def _departures(planned: Mapping[str, Any], study: Study) -> Iterator[str]:
    """Say in what a study departs from its plan; words of ours that are new are no departure.

    A rule is compared by its edition, and a parameter that the plan does not know, since it came
    later, departs only if the study sets it.
    """
    done, untouched = _content(study), msgspec.to_builtins(Parameters())
    claims = {name: _chosen(claim) for name, claim in planned.get("claims", {}).items()}
    yield from _deviations(
        claims, {name: _chosen(claim) for name, claim in done["claims"].items()}, "claims"
    )
    known = _with_defaults(planned.get("parameters", {}), json.loads(json.dumps(untouched)))
    yield from _deviations(known, done["parameters"], "parameters")
    for name in claims.keys() & done["claims"].keys():
        edition = done["claims"][name]["edition"]
        if planned["claims"][name].get("edition", 1) != edition:
            yield f"the rule of {name} has changed since the plan, with the version of the program"


def _chosen(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a study chooses of a claim: its words and its song."""
    return {name: claim.get(name) for name in ("statement", "song")}


def _with_defaults(planned: Any, default: Any) -> Any:  # noqa: ANN401 - JSON
    """Fill in what a plan of an earlier version could not name."""
    if not (isinstance(planned, dict) and isinstance(default, dict)):
        return planned
    return planned | {
        key: _with_defaults(planned.get(key, value), value) for key, value in default.items()
    }


def _content(study: Study) -> dict[str, Any]:
    claims = {
        claim.id: {
            "statement": claim.statement,
            "song": claim.song,
            # one of the eight, or the study could not have been read
            **dataclasses.asdict(RULES[claim.id]),  # type: ignore[index]
        }
        for claim in study.claims
    }
    content = {"claims": claims, "parameters": msgspec.to_builtins(study.parameters)}
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(content))
    return plain


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def _deviations(planned: Any, done: Any, name: str) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(planned, dict) and isinstance(done, dict):
        for key in dict.fromkeys([*planned, *done]):
            inner = f"{name}.{key}" if name else key
            if key not in done:
                yield f"{inner} was planned and left out"
            elif key not in planned:
                yield f"{inner} was not planned"
            else:
                yield from _deviations(planned[key], done[key], inner)
    elif planned != done:
        yield f"{name} is {json.dumps(done, ensure_ascii=False)} in place of " + json.dumps(
            planned, ensure_ascii=False
        )
