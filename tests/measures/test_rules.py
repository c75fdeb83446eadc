from pathlib import Path

from ostinato.measures import RULES
from ostinato.measures.verdicts import STATEMENTS

CLAIMS = Path(__file__).parents[2] / "docs" / "claims.md"


def test_the_table_of_claims_says_what_a_plan_says():
    text = CLAIMS.read_text(encoding="utf-8")
    assert list(RULES) == list(STATEMENTS)
    rows = {line[2:4]: line for line in text.splitlines() if line.startswith("| C")}
    for claim_id, rule in RULES.items():
        assert f"| {rule.supported} | {rule.not_supported} |" in rows[claim_id]
