"""What the README says can be typed does what it says."""

import re

import pytest
from places import ROOT

from dlnflow import Status, limit, selected_minimiser
from dlnflow.problems.problem import LINE

README = (ROOT / "README.md").read_text()


def test_the_library_example_runs_in_ten_lines(capsys):
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    assert len(example.splitlines()) <= 10
    names: dict = {}
    exec(example, names)
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "3 False (0, 1, 2)"
    assert names["run"].limit.status is Status.CONVERGED
    # theory, section 4, to its nine digits, at eps = 1e-100 where the next-order term is 1e-33
    assert float(names["exact"].distance(selected_minimiser(LINE, 3)) * 10**100) == pytest.approx(
        8.26762262e-3, rel=1e-9
    )
    assert float(printed[-1].split()[-1]) == pytest.approx(8.26762262e-3, rel=1e-9)
    assert names["end"].x == pytest.approx(limit(LINE, 3, "1e-9").x, abs=0)


def test_the_second_example_prints_what_it_says(capsys):
    example = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[1]
    exec(example, {})
    printed = [float(word) for word in capsys.readouterr().out.split()]
    said = [float(word) for words in re.findall(r"# ([\d.e-]{6,})(?: ([\d.]{6}))?", example) for word in words if word]
    assert printed == pytest.approx(said, rel=5e-4)  # four digits are given


def test_the_third_example_prints_what_it_says(capsys):
    example = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[2]
    exec(example, {})
    said = re.findall(r"# (.+): (?:one|two)", example)
    assert len(said) == 2
    assert capsys.readouterr().out.splitlines() == said


def test_the_targets_that_it_names_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert {"figures", "test"} <= targets
    assert {a or b for a, b in re.findall(r"^make ([a-z]+)|`make ([a-z]+)`", README, re.MULTILINE)} <= targets
    assert ".DEFAULT_GOAL := figures" in makefile


def test_the_example_of_linear_programs_prints_what_it_says(capsys):
    example = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[3]
    names: dict = {}
    exec(example, names)
    printed = capsys.readouterr().out.splitlines()
    assert [f"# {line}" in example for line in printed[:2]] == [True, True]
    # e^(-10) is 5e-5, and the constant of order 1
    assert names["entropic_limit"](names["program"], "1/20").x == pytest.approx([2, 2, 0, 0], abs=1e-3)
    assert names["plan"].sum(axis=0) == pytest.approx([0.25, 0.75], abs=1e-10)
