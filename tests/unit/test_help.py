"""help() on what the package offers is a tutorial, and every example in it runs as it is printed."""

import doctest
import sys

import pytest

import src


@pytest.mark.parametrize("name", src.__all__)
def test_the_examples_in_help_run_as_they_are_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # In a clone the package has another name than the one it is installed under.
    monkeypatch.setitem(sys.modules, "image_similarity", src)
    (examples,) = doctest.DocTestFinder(recurse=False).find(getattr(src, name), name, globs={})
    assert any("from image_similarity import" in example.source for example in examples.examples)
    # The name of an exception has the name of the package in it.
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    said: list[str] = []
    runner.run(examples, out=said.append)
    assert runner.failures == 0, "".join(said)
    assert runner.tries > 5
