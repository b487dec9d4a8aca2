"""Toe-off, initial contact and the measures of a swing, from the path of the foot."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from restride.imu.strapdown import Paths
from restride.signals.schema import FloatArray

LEAST_SPEED_M_S: Final = 0.8  # of the swinging foot; a shuffle stays below
LEAST_LENGTH_M: Final = 0.2
MOST_DRIFT_M_S: Final = 2.0  # half the speed of a swinging foot: its path is not known
TURN_RAD: Final = np.pi / 4  # about the vertical within one stride: a turn, not walking on
STILL_FAST: Final = 0.5  # of its greatest speed: a foot that flies, not one that lands
IMPACT_SHARE: Final = 0.5  # of the sharpest change in acceleration
BEFORE_IMPACT_S: Final = 0.035  # first touch to the peak of the impact, in shoes and barefoot


@dataclass(frozen=True, slots=True)
class Swing:
    """One swing between two rests; samples count in the recording.

    Attributes
    ----------
    start, end : int
        Rest before and rest after.
    toe_off, contact : int or None
        Toe-off and initial contact; None of a movement that is no step.
    contact_method : str
        What showed the contact.
    reason : str
        Why it is not kept; empty if it is.
    length_m, height_change_m, lift_m, clearance_m, peak_speed_m_s, drift_m_s : float
    turned_rad, whip_left_rad : float
        About the vertical, left positive: from rest to rest, and the mean in swing off a steady turn
        between them.
    pitch_toe_off_rad, pitch_contact_rad, pitch_swing_rad : float
        Toes up positive, against the flat foot; the last one at the greatest speed.
    """

    start: int
    end: int
    toe_off: int | None = None
    contact: int | None = None
    contact_method: str = ""
    reason: str = ""
    length_m: float = np.nan
    height_change_m: float = np.nan
    lift_m: float = np.nan
    clearance_m: float = np.nan
    peak_speed_m_s: float = np.nan
    drift_m_s: float = np.nan
    turned_rad: float = np.nan
    whip_left_rad: float = np.nan
    pitch_toe_off_rad: float = np.nan
    pitch_contact_rad: float = np.nan
    pitch_swing_rad: float = np.nan


def swings(acc: FloatArray, gyr: FloatArray, path: Paths, rate_hz: float) -> Iterator[Swing]:
    """The swings among the paths of one foot; where it hardly moves there is none.

    Parameters
    ----------
    acc, gyr : ndarray, shape (time, 3), m/s^2 and rad/s
        Foot frame, as ``paths`` was given them.
    path : Paths
    rate_hz : float

    Notes
    -----
    Mid-swing is where the foot is fastest. Toe-off is the fastest turning of the toes down
    before it. Initial contact: see ``contact``. A fast movement that is no step (the foot lands
    where it was, or integration cannot close it) has a reason and neither events nor measures.
    """
    for i, (start, end) in enumerate(zip(path.start.tolist(), path.end.tolist(), strict=True)):
        span = slice(start, end + 1)
        velocity = path.velocity[i, : end - start + 1]
        speed = np.hypot(velocity[:, 0], velocity[:, 2])
        middle = int(speed.argmax())
        x, _, z = path.position[i, end - start]
        if speed[middle] < LEAST_SPEED_M_S or not 0 < middle < end - start:
            continue
        drift = float(path.drift_m_s[i])
        if reason := _no_step(float(np.hypot(x, z)), drift):
            yield Swing(start, end, reason=reason, peak_speed_m_s=float(speed[middle]), drift_m_s=drift)
            continue
        pitch_rate = gyr[span, 2]
        toe_off = int(pitch_rate[:middle].argmin())
        if not toe_off:
            yield Swing(start, end, reason="the toes never turned down before it", drift_m_s=drift)
            continue
        touch, method = contact(acc[span], pitch_rate, speed, middle, rate_hz)
        yield _measured(path, i, gyr[span], (toe_off, middle, touch), method)


def _no_step(length_m: float, drift_m_s: float) -> str:
    """Why a fast movement between two rests is no step; empty if it is one."""
    if drift_m_s > MOST_DRIFT_M_S:
        return f"{drift_m_s:.1f} m/s left over at the next rest: knocked, or too hard for the sensor"
    return f"moved on by {100 * length_m:.0f} cm only" if length_m < LEAST_LENGTH_M else ""


def contact(acc: FloatArray, pitch_rate: FloatArray, speed: FloatArray, middle: int, rate_hz: float) -> tuple[int, str]:
    """Sample of initial contact after mid-swing, and what showed it.

    Parameters
    ----------
    acc : ndarray, shape (sample, 3), m/s^2
    pitch_rate, speed : ndarray, shape (sample,), rad/s (toes up positive) and m/s
    middle : int
        Mid-swing.
    rate_hz : float

    Notes
    -----
    The ground stops the turning of the swinging foot: contact is where the toes, that were
    rising, begin to fall. A foot may lower itself before it lands, so this instant lies at most
    ``BEFORE_IMPACT_S`` before the impact, which is the first change of acceleration that reaches
    ``IMPACT_SHARE`` of the sharpest one, once the foot has lost half of its speed. A foot
    that lands toes first does not turn so; then the impact itself is the contact.
    """
    slow = np.flatnonzero(speed[middle:] < STILL_FAST * speed[middle])
    landing = middle + (int(slow[0]) if slow.size else 0)
    change = np.linalg.norm(np.diff(acc, axis=0), axis=1)[landing:]
    if not change.size:
        return landing, "impact"
    impact = landing + int(np.flatnonzero(change >= IMPACT_SHARE * change.max())[0])
    rising = pitch_rate > 0
    falls = middle + np.flatnonzero(rising[middle:-1] & ~rising[middle + 1 :])
    reach = round(BEFORE_IMPACT_S * rate_hz)
    near = falls[falls <= impact + reach]
    if not near.size:
        return impact, "impact"
    last = int(near[-1])
    return (last, "toes begin to fall") if last >= impact - reach else (impact - reach, "before the impact")


def forefoot(velocity: FloatArray, rot: FloatArray, gyr: FloatArray) -> FloatArray:
    """From the sensor to the point the foot rolls over, in the foot frame, m, shape (3,).

    Parameters
    ----------
    velocity : ndarray, shape (sample, 3), m/s
        Of the sensor while the heel rises, frame of the stride.
    rot : ndarray, shape (sample, 3, 3)
        Frame of the stride from foot.
    gyr : ndarray, shape (sample, 3), rad/s
        Foot frame.

    Notes
    -----
    While the heel rises the forefoot stands, so the sensor's velocity is only the foot turning
    about it: ``velocity = -rot (omega x r)``, solved for ``r`` by least squares in the
    sagittal plane. NaN if the foot hardly turns.
    """
    x, y, _ = np.moveaxis(np.einsum("kji,kj->ki", rot, velocity), 1, 0)
    omega = gyr[:, 2]
    size = float((omega**2).sum())
    if len(omega) < 3 or size < len(omega):
        return np.full(3, np.nan)
    # omega x r = omega_z (-r_y, r_x)
    return np.array([float(-(omega * y).sum()) / size, float((omega * x).sum()) / size, 0.0])


def _measured(path: Paths, i: int, gyr: FloatArray, at: tuple[int, int, int], method: str) -> Swing:
    toe_off, middle, touch = at
    n = len(gyr)
    rot, velocity, position = path.rot[i, :n], path.velocity[i, :n], path.position[i, :n]
    height, pitch = path.height(i), path.pitch(i)
    # from the axis to the right, which stays level while the foot tips
    heading = np.unwrap(np.arctan2(rot[:, 0, 2], rot[:, 2, 2]))
    turned = float(heading[-1] - heading[0])
    off_course = (heading - heading[0] - turned * np.linspace(0, 1, n))[toe_off : touch + 1]
    rolling = slice(int((gyr[:toe_off, 2] < -0.5 * abs(gyr[toe_off, 2])).argmax()), max(toe_off, 1))
    lever = forefoot(velocity[rolling], rot[rolling], gyr[rolling])
    point = height + rot[:, 1] @ lever
    flight = point[toe_off : touch + 1]
    quarter = (touch - toe_off) // 4
    return Swing(
        start=int(path.start[i]),
        toe_off=int(path.start[i]) + toe_off,
        contact=int(path.start[i]) + touch,
        end=int(path.end[i]),
        contact_method=method,
        reason=f"turned by {np.rad2deg(abs(turned)):.0f} degrees" if abs(turned) > TURN_RAD else "",
        length_m=float(np.hypot(position[-1, 0], position[-1, 2])),
        height_change_m=float(position[-1, 1]),
        lift_m=float(height.max()),
        clearance_m=float(flight[quarter : len(flight) - quarter].min() - point[0]),
        peak_speed_m_s=float(np.hypot(velocity[middle, 0], velocity[middle, 2])),
        drift_m_s=float(path.drift_m_s[i]),
        turned_rad=turned,
        # the largest turn flips its sign from stride to stride, the mean does not
        whip_left_rad=float(off_course.mean()),
        pitch_toe_off_rad=float(pitch[toe_off]),
        pitch_contact_rad=float(pitch[touch]),
        pitch_swing_rad=float(pitch[middle]),
    )
