"""Writes the small DICOM files beside this script, from synthetic pictures, with tools that are not ours.

    python3 make_fixtures.py && python3 expected_pictures.py . $(ls *.dcm | grep -v grey12_extended) > expected-fixtures.tsv

Made with pydicom 2.3.1, numpy 1.24.2, DCMTK 3.6.7 (dcmcjpeg, dcmcrle, dcmconv), GDCM 3.0.21 (gdcmconv).
"""

import os
import subprocess

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

HERE = os.path.dirname(os.path.abspath(__file__))
random = np.random.default_rng(20261120)


def path(name):
    return os.path.join(HERE, name)


def save(name, pixels, photometric, stored, **more):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds = FileDataset(name, {}, file_meta=meta, preamble=bytes(128))
    ds.is_little_endian, ds.is_implicit_VR = True, False
    ds.SOPClassUID, ds.SOPInstanceUID = meta.MediaStorageSOPClassUID, "1.2.3.4"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = "1.2.3", "1.2.3.5"
    ds.PatientName, ds.PatientID = "Nobody^Synthetic", "0"
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "113100", "DCM", "Basic profile"
    ds.DeidentificationMethodCodeSequence = Sequence([item])
    ds.Rows, ds.Columns = pixels.shape[:2]
    ds.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    if pixels.ndim == 3:
        ds.PlanarConfiguration = 0
    ds.PhotometricInterpretation = photometric
    ds.BitsAllocated = pixels.dtype.itemsize * 8
    ds.BitsStored, ds.HighBit = stored, stored - 1
    ds.PixelRepresentation = int(pixels.dtype.kind == "i")
    for key, value in more.items():
        setattr(ds, key, value)
    ds.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    ds["PixelData"].VR = "OW"
    ds.save_as(path(name), write_like_original=False)


def run(*command):
    subprocess.run(command, check=True, cwd=HERE)


y, x = np.mgrid[0:29, 0:41]
smooth = 2000 + 1500 * np.sin(x / 7.0) * np.cos(y / 5.0)
grey12 = np.clip(smooth + random.normal(0, 40, smooth.shape), 0, 4095).astype(np.uint16)
save("grey12.dcm", grey12, "MONOCHROME2", 12, WindowCenter=["2000", "300"], WindowWidth=["3000", "500"],
     WindowCenterWidthExplanation=["WIDE", "NARROW"])
save("ct_signed.dcm", (grey12.astype(np.int16) - 1024), "MONOCHROME2", 16, RescaleSlope="1", RescaleIntercept="-1024",
     PixelPaddingValue=-1024, PixelSpacing=["0.5", "0.75"])
save("grey8.dcm", (grey12 // 16).astype(np.uint8), "MONOCHROME1", 8)
full16 = random.integers(0, 65536, (7, 9)).astype(np.uint16)
full16[0, :2] = (0, 32768)
save("noise16.dcm", full16, "MONOCHROME2", 16)
yy, xx = np.mgrid[0:32, 0:40]
colour = np.stack([xx * 6, yy * 7, 255 - (xx + yy) * 3], axis=2).astype(np.uint8)
save("colour.dcm", colour, "RGB", 8)

for selection in range(1, 8):
    run("dcmcjpeg", "+un", "+el", "+sv", str(selection), "grey12.dcm", "grey12_lossless_sv%d.dcm" % selection)
run("dcmcjpeg", "+un", "+e1", "ct_signed.dcm", "ct_signed_lossless.dcm")
run("dcmcjpeg", "+un", "+e1", "+pt", "2", "noise16.dcm", "noise16_point_transform.dcm")
run("dcmcjpeg", "+un", "+e1", "noise16.dcm", "noise16_lossless.dcm")
run("dcmcjpeg", "+un", "+e1", "grey8.dcm", "grey8_lossless.dcm")
run("dcmcjpeg", "+un", "+e1", "colour.dcm", "colour_lossless.dcm")
run("dcmcjpeg", "+un", "+eb", "+q", "95", "grey8.dcm", "grey8_baseline.dcm")
run("dcmcjpeg", "+un", "+ee", "+q", "95", "grey8.dcm", "grey8_extended.dcm")
run("dcmcjpeg", "+un", "+ee", "+q", "95", "grey12.dcm", "grey12_extended.dcm")
run("dcmcjpeg", "+un", "+eb", "+cy", "+s4", "+q", "95", "colour.dcm", "colour_baseline_444.dcm")
run("dcmcjpeg", "+un", "+eb", "+cy", "+s2", "+q", "95", "colour.dcm", "colour_baseline_422.dcm")
run("dcmcjpeg", "+un", "+eb", "+cr", "+q", "95", "colour.dcm", "colour_baseline_rgb.dcm")
run("dcmcrle", "grey12.dcm", "grey12_rle.dcm")
run("gdcmconv", "--rle", "colour.dcm", "colour_rle.dcm")
run("dcmconv", "+td", "grey12.dcm", "grey12_deflated.dcm")
run("dcmconv", "+tb", "grey8.dcm", "grey8_bigendian.dcm")
run("dcmconv", "+tb", "ct_signed.dcm", "ct_signed_bigendian.dcm")
run("dcmconv", "+ti", "-e", "ct_signed.dcm", "ct_signed_implicit_undefined.dcm")
run("dcmconv", "+te", "-F", "ct_signed.dcm", "ct_signed_bare.dcm")
