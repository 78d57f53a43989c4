#!/usr/bin/python3
"""Writes cases.json: CRC-32 of what Pillow and OpenCV make of deterministic noise pictures.

Run with Debian 12's python3-pil 9.4.0, python3-opencv 4.6.0 and python3-numpy 1.24.2; the versions used are recorded in
the file. A picture of width w and height h is the stream b[i] = (s >> 16) & 255 with s = (s * 1103515245 + 12345) mod 2^31,
s = w * 65536 + h at first, row-major RGB. The CRC is taken over the result's bytes, row-major RGB.
"""

import json
import pathlib
import zlib

import cv2
import numpy as np
import PIL
from PIL import Image

SIZES = [
    # one pixel, one row, one column
    (1, 1, 7, 5), (7, 5, 1, 1), (1, 90, 20, 20), (90, 1, 20, 20), (500, 2, 3, 40), (2, 500, 40, 3), (1, 3000, 5, 7), (3000, 1, 7, 5),
    # a side that stays
    (31, 29, 31, 12), (31, 29, 12, 29), (31, 29, 31, 29), (31, 29, 31, 60), (31, 29, 60, 29),
    # both up, both down, one each
    (13, 17, 64, 50), (97, 211, 40, 30), (97, 31, 40, 77), (31, 97, 77, 40), (100, 100, 99, 101), (101, 99, 100, 100),
    # exact factors, also of one side only
    (64, 48, 32, 24), (64, 48, 32, 48), (64, 48, 32, 23), (65, 48, 32, 24), (32, 24, 64, 48), (60, 90, 20, 30), (60, 90, 15, 18), (640, 480, 320, 240),
    # longer than the strips PilResize works in
    (3000000, 1, 300, 2), (1, 3000000, 9, 5), (1000000, 3, 16, 16), (3, 1000000, 16, 16),
    # what models ask for
    (640, 427, 224, 224), (427, 640, 384, 384), (333, 500, 640, 640), (500, 375, 384, 288), (120, 104, 320, 320), (26, 36, 320, 320), (148, 72, 320, 320),
]

PIL_FILTERS = {"pil_nearest": Image.NEAREST, "pil_bilinear": Image.BILINEAR, "pil_bicubic": Image.BICUBIC}
CV_FILTERS = {"opencv_nearest": cv2.INTER_NEAREST, "opencv_linear": cv2.INTER_LINEAR}


def picture(width, height):
    state = (width * 65536 + height) % 2**31
    out = bytearray(width * height * 3)
    for i in range(len(out)):
        state = (state * 1103515245 + 12345) % 2**31
        out[i] = (state >> 16) & 255
    return np.frombuffer(bytes(out), np.uint8).reshape(height, width, 3)


cases = []
for width, height, to_width, to_height in SIZES:
    source = picture(width, height)
    crc = {}
    for name, code in PIL_FILTERS.items():
        crc[name] = zlib.crc32(Image.fromarray(source).resize((to_width, to_height), code).tobytes())
    for name, code in CV_FILTERS.items():
        crc[name] = zlib.crc32(cv2.resize(source, (to_width, to_height), interpolation=code).tobytes())
    cases.append({"from": [width, height], "to": [to_width, to_height], "crc32": crc})

versions = {"pillow": PIL.__version__, "opencv": cv2.__version__, "numpy": np.__version__}
lines = ",\n".join("  " + json.dumps(case) for case in cases)
text = '{\n "versions": %s,\n "cases": [\n%s\n ]\n}\n' % (json.dumps(versions), lines)
pathlib.Path(__file__).with_name("cases.json").write_text(text)
