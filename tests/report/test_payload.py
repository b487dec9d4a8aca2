"""The body on its way to the browser."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from tests.report import example

from restride.body.model import generic
from restride.body.scene import scene
from restride.report.payload import body_payload, packed, unpacked


@given(arrays(np.float64, (5, 3, 2), elements=st.floats(-3, 3)), st.integers(0, 2))
def test_values_come_back_within_half_a_step(values: np.ndarray, order: int) -> None:
    sent = packed("x", values, quantum=1e-4, order=order)
    assert_allclose(unpacked(sent), values, atol=0.5e-4 + 1e-12)


def test_not_measured_stays_not_measured() -> None:
    values = np.array([[0.1, np.nan], [0.2, np.nan], [np.nan, 0.3], [0.4, 0.5]])
    back = unpacked(packed("x", values, quantum=1e-3, order=1))
    assert_allclose(back, values, atol=0.5e-3)


def test_values_beyond_16_bits_are_refused() -> None:
    with pytest.raises(ValueError, match="16 bits"):
        packed("x", [4.0], quantum=1e-4, order=0)


def test_one_stride_of_all_muscles_and_the_skeleton_stays_small() -> None:
    body = generic()
    motion = example.motion_of(body)
    drawn = scene(body, motion.angles, motion.root)
    payload = body_payload(drawn, motion.measured.values, motion.required.values)
    assert len(str(payload["blob"])) < 320_000  # base64; about 230 kB of deflated bytes
