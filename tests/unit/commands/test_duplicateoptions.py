import pytest

from src.commands.duplicateoptions import KEEP_RULES
from src.commands.duplicates import parse
from src.duplicatefinder import RULES


@pytest.mark.parametrize(
    "arguments",
    [
        "-d data",
        "-i index.csv --prune --kind file --threshold 0.5 --any-orientation --keep oldest",
        "-d data -i index.csv --against import --explain --fail-if-found --ignore pairs.txt",
        "--compare a b --threshold 1 --kind picture --json --explain -o difference.png",
        "--ignore pairs.txt --different a b c -q",
        "-d data --ignore pairs.txt --different a b --json",
        "-d data --apply groups.json --delete --permanently -y --protect originals --log log",
        "-d data --move-to spares -o groups.jpg --force",
        "--undo log -q",
    ],
)
def test_what_goes_together_is_taken(arguments: str) -> None:
    parse(arguments.split())


@pytest.mark.parametrize(
    ("arguments", "trouble"),
    [
        ("", "the following arguments are required: -d/--dataset"),
        ("--json", "the following arguments are required: -d/--dataset"),
        ("--move-to spares", "the following arguments are required: -d/--dataset"),
        ("--ignore pairs.txt --different a b --json", "the following arguments are required: -d/--dataset"),
        ("--against import", "the following arguments are required: -d/--dataset"),
        ("-d data --move-to spares --delete", "not allowed with"),
        ("-d data --permanently", "--permanently needs --delete"),
        ("-d data --yes", "--yes needs --delete"),
        ("-d data --log log", "--log needs --delete or --link or --move-to"),
        ("-d data --prune", "--prune needs --index"),
        ("-d data --force", "--force needs --output"),
        ("--different a b", "--different needs --ignore"),
        ("--ignore pairs.txt --different a", "--different needs two pictures or more"),
        ("--undo log -d data", "--undo does not go with --dataset"),
        ("--compare a b -d data", "--compare does not go with --dataset"),
        ("--compare a b --move-to spares", "--compare does not go with --move-to"),
        ("-d data --against import --delete", "--against does not go with --delete"),
        ("-d data --threshold 1.5", "must be a number above 0, at most 1, not '1.5'"),
        ("-d data --threshold nan", "must be a number above 0, at most 1, not 'nan'"),
        ("-d data --kind alike", "invalid choice"),
    ],
)
def test_what_does_not_is_wrong_usage(arguments: str, trouble: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(arguments.split())
    assert end.value.code == 2
    assert trouble in capsys.readouterr().err


def test_the_rules_of_keep_are_those_that_the_finder_has() -> None:
    assert list(KEEP_RULES) == list(RULES)
