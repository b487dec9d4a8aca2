"""Published parameters of the 40 muscles of a leg.

Maximum isometric force, optimal fibre length, tendon slack length and pennation:
Rajagopal et al. 2016 (IEEE TBME 63, 2068) with the fibres and tendons of the knee
muscles as revised by Lai, Arnold and Wakeling 2017 (Ann Biomed Eng 45, 2762) and
Uhlrich et al. 2022 (Sci Rep 12, 11037). Where a path of this body is longer or
shorter than the published one, fibre and tendon are carried over in the ratio of the
two path lengths when standing, so that fibres work where they were published to work
(within 1 % for most; 2 to 4 % for the long toe muscles).

Tendon strain at maximum isometric force: 4.9 % (Millard et al. 2013), and 11.9 % for the
Achilles, 8.9 % for the quadriceps tendon as in the 2023 release of that model. Strain of
the fibre where passive force begins and where it reaches the maximum isometric force:
0 and 70 % (Millard et al. 2013), except where that release fits them to measured
passive moments.
"""

from collections.abc import Mapping
from typing import Final

# force N, optimal fibre length m, tendon slack length m, pennation rad, tendon strain,
# fibre strain at zero passive force, fibre strain at maximum isometric force
MUSCLE_PARAMETERS: Final[Mapping[str, tuple[float, ...]]] = {
    "addbrev": (625.8, 0.1031, 0.0354, 0.1148, 0.049, -0.184, 0.506),
    "addlong": (916.8, 0.1082, 0.1318, 0.1378, 0.049, 0.000, 0.700),
    "addmagDist": (597.3, 0.1771, 0.0873, 0.1947, 0.049, 0.000, 0.700),
    "addmagIsch": (597.3, 0.1562, 0.2163, 0.1680, 0.049, 0.000, 0.700),
    "addmagMid": (597.3, 0.1376, 0.0466, 0.2073, 0.049, 0.000, 0.700),
    "addmagProx": (597.3, 0.1056, 0.0403, 0.3115, 0.049, 0.000, 0.700),
    "bflh": (1313.2, 0.0959, 0.3266, 0.1759, 0.049, 0.137, 0.705),
    "bfsh": (557.1, 0.1141, 0.1095, 0.2642, 0.049, 0.000, 0.700),
    "edl": (603.5, 0.0710, 0.3779, 0.2183, 0.049, 0.000, 0.700),
    "ehl": (285.9, 0.0786, 0.3434, 0.1973, 0.049, 0.000, 0.700),
    "fdl": (423.2, 0.0444, 0.3773, 0.2248, 0.049, 0.000, 0.700),
    "fhl": (907.8, 0.0548, 0.3682, 0.2580, 0.049, 0.008, 0.700),
    "gaslat": (1575.1, 0.0694, 0.3762, 0.2102, 0.119, -0.193, 0.664),
    "gasmed": (3115.5, 0.0602, 0.3952, 0.1657, 0.119, 0.151, 0.551),
    "glmax1": (983.8, 0.1470, 0.0873, 0.3540, 0.049, 0.000, 0.700),
    "glmax2": (1406.0, 0.1570, 0.1090, 0.3674, 0.049, 0.000, 0.700),
    "glmax3": (947.8, 0.1670, 0.1030, 0.3824, 0.049, 0.000, 0.700),
    "glmed1": (1093.5, 0.0731, 0.0559, 0.3166, 0.049, 0.000, 0.700),
    "glmed2": (765.1, 0.0725, 0.0651, 0.3166, 0.049, 0.000, 0.700),
    "glmed3": (871.2, 0.0729, 0.0452, 0.3166, 0.049, 0.000, 0.700),
    "glmin1": (374.0, 0.0681, 0.0162, 0.1745, 0.049, 0.000, 0.700),
    "glmin2": (394.8, 0.0560, 0.0261, 0.0000, 0.049, 0.000, 0.700),
    "glmin3": (446.8, 0.0381, 0.0510, 0.0175, 0.049, 0.000, 0.700),
    "grac": (281.3, 0.2271, 0.1715, 0.1720, 0.049, 0.000, 0.700),
    "iliacus": (1021.1, 0.1063, 0.0958, 0.2799, 0.049, 0.000, 0.700),
    "perbrev": (521.2, 0.0454, 0.1475, 0.2052, 0.049, 0.000, 0.700),
    "perlong": (1115.4, 0.0508, 0.3322, 0.2480, 0.049, 0.000, 0.700),
    "piri": (1029.8, 0.0260, 0.1149, 0.1745, 0.049, 0.000, 0.700),
    "psoas": (1426.8, 0.1169, 0.0995, 0.2155, 0.049, -0.076, 0.503),
    "recfem": (2191.7, 0.0758, 0.4498, 0.2170, 0.089, 0.200, 0.900),
    "sart": (249.4, 0.4024, 0.1238, 0.0261, 0.049, -0.073, 0.702),
    "semimem": (2201.0, 0.0857, 0.3337, 0.2546, 0.049, 0.154, 0.704),
    "semiten": (591.3, 0.1923, 0.2463, 0.2413, 0.049, 0.114, 0.714),
    "soleus": (6194.8, 0.0440, 0.2814, 0.3814, 0.119, 0.040, 0.766),
    "tfl": (411.2, 0.0947, 0.4479, 0.0524, 0.049, 0.157, 0.639),
    "tibant": (1227.5, 0.0683, 0.2405, 0.1952, 0.049, 0.159, 0.708),
    "tibpost": (1730.2, 0.0378, 0.2808, 0.2265, 0.049, -0.073, 0.698),
    "vasint": (1697.4, 0.1167, 0.2045, 0.0631, 0.089, 0.176, 0.707),
    "vaslat": (5148.8, 0.1167, 0.2205, 0.2529, 0.089, 0.193, 0.711),
    "vasmed": (2747.8, 0.1097, 0.2075, 0.4222, 0.089, 0.178, 0.706),
}
