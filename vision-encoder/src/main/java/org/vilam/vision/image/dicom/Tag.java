package org.vilam.vision.image.dicom;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The elements this reader looks at, with their value representation for data sets that do not write it (PS3.6 section 6).
 *
 * <p>None of them identifies a patient. Elements not listed here are stepped over.
 */
enum Tag {
    MEDIA_STORAGE_SOP_CLASS(0x0002_0002, Vr.UI, "MediaStorageSOPClassUID"),
    TRANSFER_SYNTAX(0x0002_0010, Vr.UI, "TransferSyntaxUID"),
    SOP_CLASS(0x0008_0016, Vr.UI, "SOPClassUID"),
    IMAGER_PIXEL_SPACING(0x0018_1164, Vr.DS, "ImagerPixelSpacing"),
    NOMINAL_SCANNED_PIXEL_SPACING(0x0018_2010, Vr.DS, "NominalScannedPixelSpacing"),

    SAMPLES_PER_PIXEL(0x0028_0002, Vr.US, "SamplesPerPixel"),
    PHOTOMETRIC_INTERPRETATION(0x0028_0004, Vr.CS, "PhotometricInterpretation"),
    PLANAR_CONFIGURATION(0x0028_0006, Vr.US, "PlanarConfiguration"),
    NUMBER_OF_FRAMES(0x0028_0008, Vr.IS, "NumberOfFrames"),
    ROWS(0x0028_0010, Vr.US, "Rows"),
    COLUMNS(0x0028_0011, Vr.US, "Columns"),
    PIXEL_SPACING(0x0028_0030, Vr.DS, "PixelSpacing"),
    PIXEL_ASPECT_RATIO(0x0028_0034, Vr.IS, "PixelAspectRatio"),
    BITS_ALLOCATED(0x0028_0100, Vr.US, "BitsAllocated"),
    BITS_STORED(0x0028_0101, Vr.US, "BitsStored"),
    HIGH_BIT(0x0028_0102, Vr.US, "HighBit"),
    PIXEL_REPRESENTATION(0x0028_0103, Vr.US, "PixelRepresentation"),
    PIXEL_PADDING_VALUE(0x0028_0120, Vr.US, "PixelPaddingValue"),
    PIXEL_PADDING_RANGE_LIMIT(0x0028_0121, Vr.US, "PixelPaddingRangeLimit"),
    FLOAT_PIXEL_PADDING_VALUE(0x0028_0122, Vr.FL, "FloatPixelPaddingValue"),
    DOUBLE_PIXEL_PADDING_VALUE(0x0028_0123, Vr.FD, "DoubleFloatPixelPaddingValue"),
    FLOAT_PIXEL_PADDING_RANGE_LIMIT(0x0028_0124, Vr.FL, "FloatPixelPaddingRangeLimit"),
    DOUBLE_PIXEL_PADDING_RANGE_LIMIT(0x0028_0125, Vr.FD, "DoubleFloatPixelPaddingRangeLimit"),
    BURNED_IN_ANNOTATION(0x0028_0301, Vr.CS, "BurnedInAnnotation"),

    WINDOW_CENTER(0x0028_1050, Vr.DS, "WindowCenter"),
    WINDOW_WIDTH(0x0028_1051, Vr.DS, "WindowWidth"),
    RESCALE_INTERCEPT(0x0028_1052, Vr.DS, "RescaleIntercept"),
    RESCALE_SLOPE(0x0028_1053, Vr.DS, "RescaleSlope"),
    WINDOW_EXPLANATION(0x0028_1055, Vr.LO, "WindowCenterWidthExplanation"),
    VOI_LUT_FUNCTION(0x0028_1056, Vr.CS, "VOILUTFunction"),
    MODALITY_LUT_SEQUENCE(0x0028_3000, Vr.SQ, "ModalityLUTSequence"),
    LUT_DESCRIPTOR(0x0028_3002, Vr.US, "LUTDescriptor"),
    LUT_EXPLANATION(0x0028_3003, Vr.LO, "LUTExplanation"),
    LUT_DATA(0x0028_3006, Vr.OW, "LUTData"),
    VOI_LUT_SEQUENCE(0x0028_3010, Vr.SQ, "VOILUTSequence"),

    RED_DESCRIPTOR(0x0028_1101, Vr.US, "RedPaletteColorLookupTableDescriptor"),
    GREEN_DESCRIPTOR(0x0028_1102, Vr.US, "GreenPaletteColorLookupTableDescriptor"),
    BLUE_DESCRIPTOR(0x0028_1103, Vr.US, "BluePaletteColorLookupTableDescriptor"),
    RED_DATA(0x0028_1201, Vr.OW, "RedPaletteColorLookupTableData"),
    GREEN_DATA(0x0028_1202, Vr.OW, "GreenPaletteColorLookupTableData"),
    BLUE_DATA(0x0028_1203, Vr.OW, "BluePaletteColorLookupTableData"),
    SEGMENTED_RED_DATA(0x0028_1221, Vr.OW, "SegmentedRedPaletteColorLookupTableData"),
    SEGMENTED_GREEN_DATA(0x0028_1222, Vr.OW, "SegmentedGreenPaletteColorLookupTableData"),
    SEGMENTED_BLUE_DATA(0x0028_1223, Vr.OW, "SegmentedBluePaletteColorLookupTableData"),

    PIXEL_MEASURES_SEQUENCE(0x0028_9110, Vr.SQ, "PixelMeasuresSequence"),
    FRAME_VOI_LUT_SEQUENCE(0x0028_9132, Vr.SQ, "FrameVOILUTSequence"),
    PIXEL_VALUE_TRANSFORMATION_SEQUENCE(0x0028_9145, Vr.SQ, "PixelValueTransformationSequence"),
    SHARED_FUNCTIONAL_GROUPS_SEQUENCE(0x5200_9229, Vr.SQ, "SharedFunctionalGroupsSequence"),
    PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE(0x5200_9230, Vr.SQ, "PerFrameFunctionalGroupsSequence"),

    OVERLAY_DATA(0x6000_3000, Vr.OW, "OverlayData"),
    FLOAT_PIXEL_DATA(0x7FE0_0008, Vr.OF, "FloatPixelData"),
    DOUBLE_PIXEL_DATA(0x7FE0_0009, Vr.OD, "DoubleFloatPixelData"),
    PIXEL_DATA(0x7FE0_0010, Vr.OW, "PixelData");

    private static final Map<Integer, Tag> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(tag -> tag.number, Function.identity()));

    /** Group in the upper, element in the lower 16 bits. */
    final int number;

    final Vr vr;
    private final String keyword;

    Tag(int number, Vr vr, String keyword) {
        this.number = number;
        this.vr = vr;
        this.keyword = keyword;
    }

    static @Nullable Tag of(int number) {
        return BY_NUMBER.get(number);
    }

    /** Whether this element holds the picture's samples. */
    boolean isPixelData() {
        return this == PIXEL_DATA || this == FLOAT_PIXEL_DATA || this == DOUBLE_PIXEL_DATA;
    }

    /** E.g. {@code "(0028,0010)"}; says nothing of what the element holds. */
    static String format(int number) {
        return String.format("(%04x,%04x)", number >>> 16, number & 0xFFFF);
    }

    /** E.g. {@code "Rows (0028,0010)"}. */
    @Override
    public String toString() {
        return keyword + " " + format(number);
    }
}
