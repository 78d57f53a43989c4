"""Writes expected-pictures.tsv: what the pictures of DICOM files should be, by tools that are not ours.

    python3 expected_pictures.py FOLDER NAME... > expected-pictures.tsv

Parsing and pixel decoding are pydicom's (its RLE handler, and Pillow for JPEG baseline); JPEG lossless is decompressed by
dcmdjpeg (DCMTK) first. Modality values, windows and percentiles are a few lines of numpy written from PS3.3 C.11.
Columns: file, width, height, low, high, source, spacing x, spacing y, frames, CRC-32 of the RGB bytes, some "x,y=r/g/b".
Made with pydicom 2.3.1, numpy 1.24.2, Pillow 9.4.0, DCMTK 3.6.7.
"""

import os
import subprocess
import sys
import tempfile
import zlib

import numpy as np
import pydicom
from pydicom.uid import ExplicitVRBigEndian
from pydicom.pixel_data_handlers.util import apply_color_lut, apply_modality_lut, convert_color_space

LOSSLESS = ("1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70")


def load(path):
    ds = pydicom.dcmread(path, force=True)
    if ds.file_meta.get("TransferSyntaxUID") in LOSSLESS:
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "plain.dcm")
            # +px: by the photometric interpretation alone, which for RGB and MONOCHROME means no colour conversion.
            subprocess.run(["dcmdjpeg", "+px", path, out], check=True)
            ds = pydicom.dcmread(out)
            ds.PixelData
    elif ds.file_meta.get("TransferSyntaxUID") == ExplicitVRBigEndian and ds.BitsAllocated == 8:
        # pydicom 2.3 does not undo the byte swapping of 8-bit samples in OW words (PS3.5 section A.3); dcmconv does.
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "little.dcm")
            subprocess.run(["dcmconv", "+te", path, out], check=True)
            ds = pydicom.dcmread(out)
            ds.PixelData
    if "TransferSyntaxUID" not in ds.file_meta:
        ds.file_meta.TransferSyntaxUID = (
            pydicom.uid.ImplicitVRLittleEndian if ds.is_implicit_VR else pydicom.uid.ExplicitVRLittleEndian)
    return ds


def grey(ds, values):
    stored = values
    padding = ds.get("PixelPaddingValue")
    seen = stored if padding is None else stored[stored != padding]
    if "RescaleSlope" in ds or "ModalityLUTSequence" in ds:
        values = apply_modality_lut(values, ds)
        seen = apply_modality_lut(seen, ds)
        modality = float(ds.get("RescaleSlope", 0)) != 1 or float(ds.get("RescaleIntercept", 0)) != 0
    else:
        modality = False
    values = values.astype(np.float64)
    first = lambda v: float(v[0] if isinstance(v, pydicom.multival.MultiValue) else v)
    if "WindowCenter" in ds:
        c, w = first(ds.WindowCenter), first(ds.WindowWidth)
        low, high, source = c - 0.5 - (w - 1) / 2, c - 0.5 + (w - 1) / 2, "VOI_WINDOW"
        y = ((values - (c - 0.5)) / (w - 1) + 0.5) * 255
    else:
        if ds.BitsStored <= 8 and ds.PixelRepresentation == 0 and not modality:
            low, high, source = 0.0, float((1 << ds.BitsStored) - 1), "FULL_RANGE"
        else:
            ranked = np.sort(seen.astype(np.float64), axis=None)
            low, high = (float(ranked[int(q * (ranked.size - 1) + 0.5)]) for q in (0.005, 0.995))
            source = "PERCENTILES"
        y = (values - low) / (high - low) * 255
    y = np.where(values <= low, 0, np.where(values > high, 255, y))
    if ds.PhotometricInterpretation == "MONOCHROME1":
        y = 255 - y
    levels = np.floor(y + 0.5).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=2), low, high, source


def describe(folder, name):
    ds = load(os.path.join(folder, name))
    frames = ds.get("NumberOfFrames", 1)
    if not isinstance(frames, int):
        # Unreadable, as "1A" in badVR.dcm: as many as the pixel data hold.
        frames = len(ds.PixelData) * 8 // (ds.Rows * ds.Columns * ds.SamplesPerPixel * ds.BitsAllocated)
        ds.NumberOfFrames = frames
    pixels = ds.pixel_array
    if frames > 1:
        pixels = pixels[0]
    photometric = ds.PhotometricInterpretation
    if photometric.startswith("MONOCHROME"):
        rgb, low, high, source = grey(ds, pixels)
    else:
        low, high, source = 0.0, 255.0, "FULL_RANGE"
        if photometric == "PALETTE COLOR":
            rgb = apply_color_lut(pixels, ds)
        elif photometric.startswith("YBR"):
            rgb = convert_color_space(pixels, photometric, "RGB")
        else:
            rgb = pixels
        rgb = rgb.astype(np.uint8)
    spacing = ds.get("PixelSpacing")
    if "SharedFunctionalGroupsSequence" in ds:
        spacing = ds.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing
    h, w = rgb.shape[:2]
    spots = []
    for x, y in ((0, 0), (w // 2, h // 2), (w // 3, 2 * h // 3), (w - 1, h - 1), (3 * w // 4, h // 4)):
        spots.append("%d,%d=%d/%d/%d" % (x, y, *rgb[y, x]))
    return [name, w, h, repr(float(low)), repr(float(high)), source,
            repr(float(spacing[1])) if spacing else "-", repr(float(spacing[0])) if spacing else "-",
            frames, "%08x" % zlib.crc32(np.ascontiguousarray(rgb).tobytes()), ";".join(spots)]


for name in sys.argv[2:]:
    print("\t".join(map(str, describe(sys.argv[1], name))))
