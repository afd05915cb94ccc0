"""Kinds of mistakes in a config, and malformed configs of each, drawn by hypothesis from sound ones.

What makes one malformed is known without the code under test: either the schema refuses it, as jsonschema reads it, or
its kind of mistake is one by construction, as said beside it.
"""

import functools

from hypothesis import assume
from hypothesis import strategies as st
from malformed import EXAMPLES, IS_VALID, changed, configs_with, places, slices

from dlnflow.assembly.config import read_config
from dlnflow.config.errors import ConfigError


def refusal(values):
    """The sentence by which a config is refused, None if it is taken; anything but a ConfigError passes through."""
    try:
        read_config(values, "config.yaml")
    except ConfigError as error:
        return str(error)
    return None


@functools.cache
def sound():
    """(config, path of what of it is changed) of every example and every experiment of the repository."""
    found = []
    for name, k in EXAMPLES:
        taken = [(config, path) for config, path in configs_with(name, k) if refusal(config) is None]
        found += taken[:1]
    return [*found, *((config, ()) for _, config in slices())]


def is_number(value):
    return not isinstance(value, bool) and isinstance(value, int | float)


def put(value):
    return lambda parent, key: parent.__setitem__(key, value)


def misspelt(draw, key):
    place = draw(st.integers(0, len(key) - 1))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    how = draw(st.sampled_from(["left out", "twice", "another", "capital"]))
    return {
        "left out": key[:place] + key[place + 1 :],
        "twice": key[: place + 1] + key[place:],
        "another": key[:place] + letter + key[place + 1 :],
        "capital": key[:place] + key[place].upper() + key[place + 1 :],
    }[how]


def rename(draw, config, path):
    return changed(config, path, lambda parent, key: parent.__setitem__(misspelt(draw, key), parent.pop(key)))


def replace(values):
    """Something in place of an entry: values(old) is a strategy."""

    def apply(draw, config, path, old):
        return changed(config, path, put(draw(values(old))))

    return apply


TEXTS = st.text(st.characters(exclude_categories=("Nd", "Cs")), max_size=30)
"""Without a digit, so that none is a number; most are no name of anything either, which the schema says."""
NO_NUMBERS = st.one_of(
    st.sampled_from(
        ["", "one", "two", "true", "nan", "inf", "-.inf", "∞", "½", "²", "1 2", "2;", "1,5", "1e", "e5", "--1", "0x10"]
    ),
    st.sampled_from(["1/0", "1_000", "1/2/3", "1/-2", "1.2.3", "1e1e1", "1.5/2", "$(1)", "1e5000", "1e-999999999"]),
    st.just("9" * 5000),
    TEXTS,
)

# kind: (at what entries, what is done to them)
BY_SCHEMA = {
    "null": (lambda old: True, replace(lambda old: st.none())),
    "truth value for a number": (is_number, replace(lambda old: st.booleans())),
    "number for a truth value": (
        lambda old: isinstance(old, bool),
        replace(lambda old: st.sampled_from([0, 1, "yes", "on", "true", 1.0, "maybe", []])),
    ),
    "list for a mapping": (lambda old: isinstance(old, dict), replace(lambda old: st.sampled_from([[old], list(old)]))),
    "mapping for a list": (
        lambda old: isinstance(old, list),
        replace(lambda old: st.just({str(k): entry for k, entry in enumerate(old)})),
    ),
    "text for a list or a mapping": (lambda old: isinstance(old, list | dict), replace(lambda old: TEXTS)),
    "number for a list, a mapping or a text": (
        lambda old: isinstance(old, list | dict | str),
        replace(lambda old: st.sampled_from([0, 3, -1, 2.5, 10**30])),
    ),
    "list for a number or a text": (
        lambda old: is_number(old) or isinstance(old, str),
        replace(lambda old: st.sampled_from([[old], [[old]], [], {"value": old}])),
    ),
    "empty list": (lambda old: isinstance(old, list), replace(lambda old: st.just([]))),
    "empty mapping": (lambda old: isinstance(old, dict), replace(lambda old: st.just({}))),
    "number out of range": (
        is_number,
        replace(lambda old: st.sampled_from([-old, -1, 0, 0.5, -0.5, 1.5, 2.5, 10**10, 1e10, 1e300, -1e300])),
    ),
    "unknown choice": (lambda old: isinstance(old, str), replace(lambda old: TEXTS.filter(lambda text: text != old))),
    "missing key": (
        lambda old: True,
        lambda draw, config, path, old: changed(config, path, lambda parent, key: parent.pop(key)),
    ),
    "misspelt key": (lambda old: True, lambda draw, config, path, old: rename(draw, config, path)),
}


@st.composite
def by_schema(draw, fits, apply, of_keys):
    """(malformed config, path of what was changed), by the schema's word."""
    config, below = draw(st.sampled_from(sound()))
    found = [
        (path, old)
        for path, old in places(config)
        if path[: len(below)] == below and fits(old) and (isinstance(path[-1], str) or not of_keys)
    ]
    assume(found)
    path, old = draw(st.sampled_from(found))
    malformed = apply(draw, config, path, old)
    assume(not IS_VALID(malformed))
    return malformed, path


COUNTS = {"trials", "measurements", "features", "sparsity", "decades", "iterations", "repeats", "most_steps", "samples"}
NAMED = {"problems", "diagrams", "maps", "answers", "ensembles", "rho", "networks", "programs"}


def in_list(*keys):
    return lambda path, old: isinstance(path[-1], int) and path[-2] in keys


def of_key(*keys):
    return lambda path, old: path[-1] in keys


def is_list_of(*keys):
    return lambda path, old: path[-1] in keys and isinstance(old, list)


def is_range(path, old):
    return isinstance(old, dict) and {"from", "to"} <= set(old)


def is_matrix(path, old):
    return isinstance(old, dict) and isinstance(old.get("A"), list) and "y" in old


def is_planted(path, old):
    return isinstance(old, dict) and {"measurements", "features", "sparsity"} <= set(old)


def bad_data(old):
    A, y = old["A"], old["y"]
    return st.sampled_from(
        [
            old | {"A": [A[0], A[0]], "y": [1, 1]},  # rank 1
            old | {"A": [A[0], [0] * len(A[0])], "y": [1, 1]},  # a row of zeros
            old | {"A": [[1, 2], [3, 4]], "y": [1, 1]},  # as many rows as columns
            old | {"A": [[1], [2], [3]], "y": [1, 2, 3]},  # more
            old | {"y": [0] * len(y)},
            old | {"y": [*y, 1]},
            old | {"y": y[:-1]},
            old | {"A": [*A, [1]], "y": [*y, 1]},  # ragged
            old | {"A": [[], *A[1:]]},
            old | {"A": A[0]},  # numbers for rows
            old | {"A": [A]},  # three levels of lists
            old | {"A": "A.csv", "y": "y.csv"},  # no such files
            old | {"A": "data/A.csv"},  # one file of two
            old | {"A": [["1e400", *A[0][1:]], *A[1:]]},  # beyond float64
            old | {"A": [["1e-400", *A[0][1:]], *A[1:]]},
            {"A": [[1, 1]], "y": [-1], "nonnegative": True},  # no solution
        ]
    )


LARGE = st.sampled_from([10**12, 10**30, 10**400, "1e30", -(10**30)])
NAMES = st.one_of(
    st.sampled_from(["../up", "a/b", "a b", "", ".hidden", "-a", "é", "名前", "x" * 101]),
    st.sampled_from(["a\nb", "a\tb", "a\\b", "\u202ea", "{x}", "*", "~"]),
)
PATHS = st.one_of(
    st.sampled_from(["none.npz", "none.mps", "data", "", ".", "/", "/dev/zero", "data/mine.npz/", "data/y.csv"]),
    st.sampled_from(
        ["a\x00b.npz", "a\nb.npz", "{x}.npz", "~/mine.npz", "*.npz", "\ud800.npz", "http://localhost/mine.npz"]
    ),
    st.just("x" * 300 + ".npz"),
)

# kind: (where, what is put there, why no sound config has it)
BY_CONSTRUCTION = {
    "text that is no number": (
        lambda path, old: is_number(old) and path[-1] != "seed",
        lambda old: NO_NUMBERS,
        # no text of these is a decimal or a ratio, or it is beyond what is read
    ),
    "no finite number": (
        lambda path, old: is_number(old),
        lambda old: st.sampled_from([float("nan"), float("inf"), float("-inf")]),
    ),
    "huge count": (of_key(*COUNTS), lambda old: LARGE),  # more than any memory
    "huge number": (
        lambda path, old: is_number(old) and path[-1] != "seed",
        lambda old: st.sampled_from(["1e400", "-1e400", "1e4000", 10**400]),  # beyond float64, and any range here
    ),
    "depth below 2": (
        in_list("depths", "followed"),
        lambda old: st.sampled_from(["199/100", "1.999999", "-3", "0", "2e-1"]),
    ),
    "scale out of range": (
        in_list("scales", "starts", "lams", "pictured", "tiny"),
        lambda old: st.sampled_from(["0", "1.0001", "-1e-3", "2", "1e1", "101/100", "-0"]),
    ),
    "unknown problem": (
        lambda path, old: in_list("problems")(path, old) and isinstance(old, str),
        lambda old: st.sampled_from(["lines", "Line", "", " ", "line ", "../line", "kink-7", "problems", "é"]),
    ),
    "unknown solver": (
        in_list("solvers"),
        lambda old: st.sampled_from(["simplex", "HIGHS", "highs", "", "scs ", "interval", "cvxpy", "../scs"]),
    ),
    "name twice": (
        lambda path, old: (
            is_list_of("problems", "methods", "solvers", "starts")(path, old)
            and all(isinstance(name, str) and name[:1].isalpha() for name in old)
            and old
        ),
        lambda old: st.sampled_from([old + old[:1], old * 2, old[-1:] + old]),
    ),
    "range upside down": (is_range, lambda old: st.just(old | {"from": old["to"], "to": old["from"]})),
    "range without an end": (
        is_range,
        lambda old: st.sampled_from([old | {"to": "1e-4000", "per_decade": 100}, old | {"by": "1e-300"}]),
    ),
    "data that are no problem": (is_matrix, bad_data),
    "sizes that are no problem": (
        is_planted,
        lambda old: st.sampled_from(
            [
                old | {"sparsity": old["measurements"] + 1},
                old | {"features": old["measurements"]},
                old | {"measurements": old["features"] + 1},
                old | {"parameter": 0.5, "ensemble": "gaussian"},
                old | {"parameter": "1e400", "ensemble": "ar1"},
                old | {"parameter": 0, "ensemble": "bernoulli"},
                old | {"file": "data/mine.npz"},  # two kinds in one
                old | {"measurements": 10**5, "features": 10**6},  # 800 GB
            ]
        ),
    ),
    "size out of order": (
        lambda path, old: (
            (is_list_of("size")(path, old) and path[-2] not in ("factorisation", "rank_one"))
            or (in_list("sizes")(path, old) and isinstance(old, list))
        ),
        lambda old: st.sampled_from([[9] * len(old), old[::-1], [*old, 1], old[:-1], [10**5, 10**6, 1][: len(old)]]),
    ),
    "file that is not there": (of_key("file"), lambda old: PATHS),
}


@st.composite
def by_construction(draw, fits, values):
    """(malformed config, path of what was changed), malformed whatever the schema says."""
    config, below = draw(st.sampled_from(sound()))
    found = [(path, old) for path, old in places(config) if path[: len(below)] == below and fits(path, old)]
    assume(found)
    path, old = draw(st.sampled_from(found))
    value = draw(values(old))
    assume(value != old)
    return changed(config, path, put(value)), path


@st.composite
def bad_names(draw):
    """A problem, a grid or a network of a name that no folder should have."""
    config, _below = draw(st.sampled_from(sound()))
    found = [path for path, _ in places(config) if len(path) > 1 and path[-2] in NAMED and isinstance(path[-1], str)]
    found = [path for path in found if path[:-1] != ("transport", "problems") and path[-3:-1] != ("kinks", "problems")]
    path = draw(st.sampled_from(found))
    name = draw(NAMES)
    return changed(config, path, lambda parent, key: parent.__setitem__(name, parent.pop(key))), path[:-1]


KINDS = (
    {kind: by_schema(fits, apply, kind in ("missing key", "misspelt key")) for kind, (fits, apply) in BY_SCHEMA.items()}
    | {kind: by_construction(*told) for kind, told in BY_CONSTRUCTION.items()}
    | {"name that is none": bad_names()}
)
