import json

from src.imagefiles import Skip
from src.indexing.options import Options, Report


def test_a_report_is_json() -> None:
    report = Report(indexed=2, new=1, skips=[Skip("a.txt", "not an image", "it begins with text")])
    values = json.loads(json.dumps(report.as_values()))
    assert values["skips"] == [{"id": "a.txt", "kind": "not an image", "reason": "it begins with text"}]
    assert (values["indexed"], values["new"], values["moved"], values["seconds"]) == (2, 1, 0, 0.0)


def test_options_and_reports_share_nothing() -> None:
    Report().skips.append(Skip("a", "b", "c"))
    assert not Report().skips
    assert Options().jobs >= 1
    assert Options().reading is not Options().reading
