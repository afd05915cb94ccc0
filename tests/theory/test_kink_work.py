"""What an accuracy costs on the kink: against theory's closed forms, CVODE, and the definition in other words."""

from fractions import Fraction
from math import expm1, log, log1p, log2, log10, sqrt

import flint
import pytest

from dlnflow import Network, flow
from dlnflow.experiments.hardness.figures.work import compared, main_accuracy, work_figure
from dlnflow.experiments.hardness.work import work_rows
from dlnflow.experiments.hardness.work_tables import WORK, WORK_TIMES
from dlnflow.files.tables import read_frame, write_timed
from dlnflow.network.certified_limits import certified_limit
from dlnflow.problems.problem import kink
from dlnflow.theory.kink_work import (
    TOLERANCE,
    OutOfReachError,
    exact_scale,
    flow_time,
    needed_scale,
    predicted_scale,
    predicted_time,
)

DEEP = ("2.5", "3", "4", "5")


def power(k):
    return Fraction(1, 2**k)


def order(depth):
    """k = L/(L-2)."""
    return float(Fraction(depth) / (Fraction(depth) - 2))


@pytest.mark.parametrize("depth", DEEP)
@pytest.mark.parametrize("exponent", [1, 7, 60])
def test_prediction_is_the_closed_form_of_the_kink(depth, exponent):
    delta, k = 2.0**-exponent, order(depth)
    log10_power = -k * log10(delta) + log1p(-((delta / (2 - delta)) ** k)) / log(10)
    expected = -3 - log10(sqrt(1 + (1 - delta) ** 2)) - log10_power
    assert predicted_scale(depth, power(exponent), "1e-3") == pytest.approx(expected, rel=1e-13)  # rounding


@pytest.mark.parametrize("exponent", [1, 7, 60])
def test_prediction_at_depth_2_is_exponentially_small(exponent):
    delta = 2.0**-exponent
    expected = (-3 - log10(sqrt(1 + (1 - delta) ** 2))) / delta
    assert predicted_scale(2, power(exponent), "1e-3") == pytest.approx(expected, rel=1e-13)  # rounding


@pytest.mark.parametrize(("depth", "next_order"), [("2.5", "1/5"), ("3", "1/3"), ("4", "1/2"), ("5", "3/5")])
def test_second_coordinate_over_the_scale_tends_to_the_difference_of_powers(depth, next_order):
    delta, k = Fraction(1, 8), order(depth)
    limit = certified_limit(kink(delta), depth, "1e-60")
    expected = float(delta) ** -k - (2 - float(delta)) ** -k
    # both edges move by eps^(1/k), to first order: the bound has a factor 2 for the rest
    tolerance = 2 * k / float(delta) * 1e-60 ** float(Fraction(next_order))
    assert limit.x_float[1] / 1e-60 == pytest.approx(expected, rel=tolerance + 1e-14)


@pytest.mark.parametrize("exponent", [7, 60])
@pytest.mark.parametrize("accuracy", ["1e-3", "1e-6"])
@pytest.mark.parametrize("depth", DEEP)
def test_scale_needed_is_the_predicted_one(depth, accuracy, exponent):
    found = needed_scale(depth, power(exponent), accuracy)
    # next order: k q/log(1/eps), q = x_2^(1/k): 0.042 at L = 2.5, 1e-3 and k = 7
    assert found.log10_scale == pytest.approx(predicted_scale(depth, power(exponent), accuracy), rel=0.05)
    assert found.attempts <= 6  # the work, not the time: measured 2 to 5


@pytest.mark.parametrize("depth", ["2", "2.1", *DEEP])
def test_bracket_is_proved_and_holds_the_exact_scale(depth):
    delta, accuracy = power(7), Fraction(1, 10)
    found = needed_scale(depth, delta, accuracy)
    limits = [certified_limit(kink(delta), depth, scale) for scale in (found.scale, found.too_large)]
    assert limits[0].distance([1, 0]) <= flint.arb("0.1") < limits[1].distance([1, 0])
    width = log10(Fraction(found.too_large) / Fraction(found.scale))
    assert 0 <= exact_scale(depth, delta, accuracy) - found.log10_scale <= width <= TOLERANCE + 1e-12  # rounding
    assert found.log10_error == pytest.approx(-1, abs=TOLERANCE)  # the error falls at most like the scale


def test_depth_2_needs_scales_down_to_2_to_the_minus_4096_and_no_further():
    found = needed_scale(2, power(8), "1e-3")
    assert found.log10_scale == pytest.approx(predicted_scale(2, power(8), "1e-3"), rel=0.05)
    assert found.log10_scale < -800
    with pytest.raises(OutOfReachError, match=r"about 10\^-1612.69, below 2\^-4096"):
        needed_scale(2, power(9), "1e-3")


@pytest.mark.parametrize("depth", ["2.1", *DEEP, "40"])
@pytest.mark.parametrize("accuracy", ["1e-1", "1e-6"])
def test_exact_scale_is_the_profile_of_the_kink(depth, accuracy):
    delta, k = 2.0**-20, order(depth)
    off = float(accuracy) / sqrt(1 + (1 - delta) ** 2)
    ratio = (off / (1 - (1 - delta) * off)) ** (1 / k)
    expected = log10(off) + k * log10(delta / (1 - (1 - delta) * ratio))
    # without the farther powers of h, of relative size (delta/(1 - q))^k: at L = 40, k = 1.05
    assert exact_scale(depth, power(20), accuracy) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("delta", ["0.25", "0.02"])
@pytest.mark.parametrize(("depth", "scale"), [("2", "1e-90"), ("2.5", "1e-12"), ("3", "1e-9"), ("4", "1e-8")])
def test_flow_is_where_its_time_says(depth, scale, delta):
    limit = certified_limit(kink(delta), depth, scale)
    for distance in ("0.5", "0.05"):
        time = flow_time(depth, delta, scale, distance, limit)
        x = flow(kink(delta), depth, scale, times=[time]).x[0]
        # CVODE adds 1e-9 a step, 300 times at most (test_flow)
        assert sqrt((x[0] - 1) ** 2 + x[1] ** 2) == pytest.approx(float(distance), abs=3e-7)


def time_by_definition(depth, delta, scale, distance):
    """The integral of d nu/(1 - x_1 - c x_2) in flint's own proved quadrature, in edges 1 - z or in z itself."""
    with flint.ctx.workprec(320):
        delta = flint.arb(flint.fmpq(1, delta.denominator))
        c, eps = 1 - delta, flint.arb(scale)
        if depth == 2:

            def x(z):
                return 2 * eps * z.sinh()

            def second(z):
                return c * z

            low, high = flint.arb(0), -eps.log()
        else:
            k = flint.fmpq(depth, depth - 2)

            def x(edge):
                return eps * (edge**-k - (2 - edge) ** -k)

            def second(edge):
                return edge + delta - delta * edge

            low, high = flint.arb(1), eps ** (1 / k)
        start = low
        for _ in range(250):
            middle = ((low + high) / 2).mid()
            is_far = (1 - x(middle)) ** 2 + x(second(middle)) ** 2 > flint.arb(distance) ** 2
            low, high = (middle, high) if is_far else (low, middle)
        integral = flint.acb.integral(lambda z, _: 1 / (1 - x(z) - c * x(second(z))), start, low, rel_tol=1e-16)
        return float(abs(integral.real)) / Network(depth, scale).rate


@pytest.mark.parametrize(
    ("depth", "exponent", "scale", "distance"),
    [(2, 10, "1e-1178", "0.2"), (3, 60, "1e-58", "2e-3"), (3, 20, "1e-30", "1e-5"), (4, 60, "1e-43", "2e-6")],
)
def test_flow_time_is_the_integral_at_scales_beyond_float64(depth, exponent, scale, distance):
    time = flow_time(depth, power(exponent), scale, distance)
    # ten nodes a panel leave 5.8^-20, and a thousand weighted terms their rounding
    assert time == pytest.approx(time_by_definition(depth, power(exponent), scale, distance), rel=1e-13)


@pytest.mark.parametrize("depth", ["2", *DEEP])
def test_time_needed_is_one_over_delta_at_every_depth(depth):
    delta, accuracy = power(8 if depth == "2" else 30), "1e-3"
    found = needed_scale(depth, delta, accuracy)
    time = flow_time(depth, delta, found.scale, "2e-3", found.limit)
    log_off = log(1e-3 / sqrt(2))
    if depth == "2":
        expected = -log_off / 4
    else:
        expected = expm1(-log_off / order(depth)) / float(Fraction(depth) * (Fraction(depth) - 2))
    # a scale known to 10^TOLERANCE moves the time by 2.3e-3/k; the end takes (log(1/tau) + O(1)) delta at depth 2
    assert time * delta == pytest.approx(expected, rel=2.5e-3 if depth != "2" else 8 * float(delta))
    assert 10 ** predicted_time(depth, found.log10_scale) == pytest.approx(time, rel=5e-3)


def test_predicted_time_is_the_networks_unit():
    for depth in ("2", *DEEP):
        unit = Network(depth, "1e-50").time_unit
        assert predicted_time(depth, -50.0) == pytest.approx(log10(unit), rel=1e-13)  # rounding


@pytest.mark.parametrize("depth", ["2", "2.5", "4"])
def test_a_smaller_delta_needs_a_smaller_scale_and_more_time(depth):
    scales, times = [], []
    for exponent in (1, 3, 5, 7):
        found = needed_scale(depth, power(exponent), "1e-2")
        scales.append(found.log10_scale)
        times.append(flow_time(depth, power(exponent), found.scale, "2e-2", found.limit))
    assert scales == sorted(scales, reverse=True)
    assert times == sorted(times)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: needed_scale(3, 0, "1e-3"), "delta is 0, expected a number above 0 and at most 0.5"),
        (lambda: needed_scale(3, "0.6", "1e-3"), "delta is 0.6, expected"),
        (lambda: needed_scale(3, "0.1", "0.3"), "accuracy is 0.3, expected a number above 0 and at most 0.25"),
        (lambda: predicted_scale(3, "0.1", "-1"), "accuracy is -1, expected"),
        (lambda: needed_scale("1.5", "0.1", "0.1"), "depth is 1.5, expected a number that is at least 2"),
        (lambda: flow_time(3, "0.1", "1e-9", 1), "distance is 1, expected one between"),
        (lambda: flow_time(3, "0.1", "1e-9", "1e-9"), "distance is 1e-9, expected one between"),
        (lambda: flow_time(3, "0.1", 2, "0.1"), "scale is 2, expected"),
    ],
)
def test_what_is_no_question_is_refused_in_a_sentence(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """(cells, times) of two depths, one of them out of reach at k = 14 and both without an answer to 0.3."""
    folder = tmp_path_factory.mktemp("work")
    paths = []
    for depth in ("2", "7/3"):
        paths.append([folder / f"{kind}-{depth[0]}{len(depth)}.parquet" for kind in ("cells", "times")])
        cells, times = paths[-1]
        rows = work_rows(depth, [2, 14], ["0.3", "1e-1", "1e-3"])
        write_timed((cells, WORK), (times, WORK_TIMES), rows)
    return tuple(read_frame(column) for column in zip(*paths, strict=True))


def test_rows_say_why_they_have_no_answer(tables):
    cells, times = tables
    assert set(cells[cells["accuracy"] == "0.3"]["status"]) == {"failed"}
    assert cells[cells["accuracy"] == "0.3"]["message"].str.contains("ValueError: accuracy is 0.3, expected").all()
    far = cells[(cells["exact_depth"] == "2") & (cells["exponent"] == 14) & (cells["accuracy"] != "0.3")]
    assert set(far["status"]) == {"unresolved"}
    assert far["message"].str.contains("below 2").all()
    assert far["scale"].isna().all()
    assert far["log10_predicted_scale"].notna().all()
    sound = cells["status"] == "converged"
    assert sound.sum() == 6
    assert (times["seconds"].notna() == sound).all()
    assert (cells["log10_error"][sound] <= cells["log10_accuracy"][sound]).all()
    assert cells["log10_delta"].iloc[0] == -2 * log2(2) * log10(2)


def test_figure_draws_what_the_tables_say(tables):
    cells, times = tables
    figure = work_figure(cells, times)
    assert [ax.get_ylabel() for ax in figure.axes] == [
        r"$\log_{10}(1/\varepsilon)$",
        r"$\delta \times$ time",
        "seconds",
    ]
    assert main_accuracy(cells) == "1e-1"
    drawn = {tuple(line.get_ydata()) for line in figure.axes[0].lines}
    shallow = cells[(cells["exact_depth"] == "2") & (cells["accuracy"] == "1e-3")].sort_values("exponent")
    assert tuple(-shallow["log10_predicted_scale"]) in drawn
    assert tuple(-shallow["log10_scale"].dropna()) in drawn
    measured, _ = compared(cells.assign(seconds=times["seconds"], status="failed"))[0]
    assert measured.isna().all()
    note = work_figure(cells.assign(status="failed"), times)
    assert note.texts[0].get_text() == "no accuracy was reached"
