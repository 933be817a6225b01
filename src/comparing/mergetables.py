"""Step 3, compare: which bins of the colour descriptors are merged; see `mergedbins`, and benchmarks/merging.py."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Tables(NamedTuple):
    """How the bins of one descriptor are merged."""

    colours: str
    """Colour, 0 to 63, of each bin of a region's histogram: a line for each hue, in it three values for each
    saturation."""
    coarse: tuple[int, ...]
    """The colours of all five regions summed, and these in 24 runs, make the coarse bins; here is where the runs
    begin."""
    fine: str
    """Fine bin, 0 to 191, of each colour in each region: four lines a region, in the order of
    `colordescriptor.REGIONS`."""

    def of_bins(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the fine and the coarse bin of each bin."""
        colours = np.array(self.colours.split(), np.int64)
        fine = np.array(self.fine.split(), np.int64).reshape(5, 64)[:, colours]
        coarse = np.searchsorted(self.coarse, np.tile(colours, 5), "right")
        return fine.reshape(-1), coarse


# The descriptors that there are tables for, and how many bins they have.
HSV, ROOT, HSV_BINS = "hsv-8x12x3-5-regions", "root-hsv-8x12x3-5-regions", 1440

TABLES = {
    HSV: Tables(
        colours="""
 0  4  6  1  5  7  1  8 11  2  9 12 13 10 15 13 19 16 14 20 16 14 21 23 14 22 23 25 22 23 25 26 23 25 26 29
 3 24 33  3 34 35 36 39 41 36 39 41 36 39 42 36 40 42 44 40 42 44 45 42 44 45 43 46 45 43 46 46 25 46 46 25
 3 24 47 37 27 41 37 27 49 37 27 49 38 27 49 38 50 53 38 50 53 38 30 29 38 30 29 38 29 49 38 29 49 43 29 46
 3 24 47 37 27 43 37 27 43 37 27 43 37 27 43 37 27 43 37 27 43 37 49 29 43 49 49 43 49 49 43 49 29 43 49 46
17 31 48 17 57 58 17 57 51 18 57 50 18 27 50 28 26 49 28 26 49 28 23 53 28 46 53 28 25 29 28 25 29 43 29 29
59 31 62 60 45 53 60 45 53 52 30 46 52 30 29 52 30 29 28 30 29 28 30 29 28 29 29 28 29 29 28 29 29 43 29 49
59 32 63 59 32 53 61 32 53 61 29 29 61 29 29 61 29 29 28 29 29 28 29 43 28 49 29 28 29 25 28 29 30 43 30 27
59 32 63 59 32 54 61 54 54 61 54 54 55 54 53 55 56 53 55 56 53 55 56 49 55 56 49 55 58 49 55 58 49 30 51 41
""",
        coarse=(0, 4, 6, 7, 8, 11, 13, 15, 19, 21, 23, 25, 29, 33, 36, 39, 41, 44, 47, 49, 53, 57, 59, 62),
        fine="""
  0   1   1   0   2   3   4   5   6   7   8   9  10  11  12  13
 14  15  16   8  17  17  18  19  20  21  22  23  24  25  26  27
 28  29  30  31  32  33  15  34  35  36  37  30  38  39  40  41
 42  43  44  45  46  47  28  24  48  49  50  51  51  52  53  54
 55  56  57  58  59  60  61  62  63  64  65  66  10  57  67  68
 68  37  16  69  69  70  71  19  72  73  22  23  74  25  26  27
 25  75  30  38  76  58  77  34  35  36  78  30  79  39  40  41
 80  43  44  81  46  47  81  82  48  71  50  83  83  84  85  54
 86  87  87  88  89  90  91  92  93  94  95  96  97  98  99 100
100 101 102 103 104 104 105 106 107 108 109 110 111 112 113  18
114 115 116 117 118 119  16 120 121 122 102 123 118 124 125 126
126 127  84  45  46 128 129  82  48  35 130 131 132 133 134 135
 86 136 136  88 137 138 139 140 141 142 143 144 145 146 147 148
148 101  14 143 149 149 105 106 150 108 109 110 151 112 113  77
114 152 116 117 153 154  49 155 111 122  78 123 153 124 125 156
156 127  84  45  46 128 129 151  48  79 121 131 132  52 134 135
157 158 158 157 159 160 161 162 163 164 165 166 167 168 169 167
170 101  13 171 172 172 173 174 175  21 109 176 177 112  26 178
179 180 116  31 181 182 182 183 183  36  78 123 181 184 125 185
185 127 130  45  46 128 129 186  48 187 188 189 132 133 190 191
""",
    ),
}
