package org.vilam.vision.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Pickles put together by hand, opcode by opcode; the expected values follow from the opcodes' description in CPython's
 * pickletools.
 */
class UnpicklerTest {
    @TempDir
    private Path folder = Path.of("");

    private String read(byte[] pickle) {
        try (PyTorchFile file = PyTorchFile.open(TorchFiles.value(folder, pickle))) {
            return file.content().toString();
        }
    }

    private String read(String latin1) {
        return read(new PickleAssembler().raw(latin1).bytes());
    }

    private VilamException refusal(byte[] pickle) {
        Path file = TorchFiles.value(folder, pickle);
        return catchThrowableOfType(VilamException.class, () -> PyTorchFile.open(file));
    }

    private VilamException refusal(String latin1) {
        return refusal(new PickleAssembler().raw(latin1).bytes());
    }

    @Test
    void constants_of_every_protocol_read_as_python_writes_them() {
        assertThat(read("N.")).isEqualTo("null");
        assertThat(read("I01\n.")).isEqualTo("true");
        assertThat(read("I00\n.")).isEqualTo("false");
        assertThat(read("I-42\n.")).isEqualTo("-42");
        assertThat(read("L18446744073709551616L\n.")).isEqualTo("18446744073709551616");
        assertThat(read("F-1.5e3\n.")).isEqualTo("-1500.0");
        assertThat(read("Fnan\n.")).isEqualTo("\"NaN\"");
        assertThat(read("J\u00fe\u00ff\u00ff\u00ff.")).isEqualTo("-2");
        assertThat(read("K\u00ff.")).isEqualTo("255");
        assertThat(read("M\u00ff\u00ff.")).isEqualTo("65535");
        assertThat(read("\u0088.")).isEqualTo("true");
        assertThat(read("\u0089.")).isEqualTo("false");
        assertThat(read("\u008a\u0000.")).isEqualTo("0");
        assertThat(read("\u008a\u0001\u00ff.")).isEqualTo("-1");
        assertThat(read("\u008b\u0002\u0000\u0000\u0000\u0000\u0080.")).isEqualTo("-32768");
        assertThat(read("G?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000.")).isEqualTo("1.5");
    }

    @Test
    void texts_and_bytes_of_every_protocol_read_as_python_writes_them() {
        assertThat(read("S'a\\n\\x41\\''\n.")).isEqualTo("\"a\\nA'\"");
        assertThat(read("Va\\u00e9\\U0001F600\n.")).isEqualTo("\"a\u00e9\ud83d\ude00\"");
        assertThat(read("U\u0002ab.")).isEqualTo("\"ab\"");
        assertThat(read("T\u0002\u0000\u0000\u0000ab.")).isEqualTo("\"ab\"");
        assertThat(read("X\u0002\u0000\u0000\u0000\u00c3\u00a9.")).isEqualTo("\"\u00e9\"");
        assertThat(read("\u008c\u0001z.")).isEqualTo("\"z\"");
        assertThat(read("\u008d\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000z."))
                .isEqualTo("\"z\"");
        String bytes = '"' + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, 0}) + '"';
        assertThat(read("U\u0002\u00ff\u0000.")).isEqualTo(bytes);
        assertThat(read("C\u0002\u00ff\u0000.")).isEqualTo(bytes);
        assertThat(read("B\u0002\u0000\u0000\u0000\u00ff\u0000.")).isEqualTo(bytes);
        assertThat(read("\u008e\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u00ff\u0000."))
                .isEqualTo(bytes);
        assertThat(read("\u0096\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u00ff\u0000."))
                .isEqualTo(bytes);
    }

    @Test
    void containers_of_every_protocol_read_as_python_writes_them() {
        assertThat(read("(K\u0001K\u0002l.")).isEqualTo("[1,2]");
        assertThat(read("]K\u0001a(K\u0002K\u0003e.")).isEqualTo("[1,2,3]");
        assertThat(read("(K\u0001K\u0002t.")).isEqualTo("[1,2]");
        assertThat(read(").")).isEqualTo("[]");
        assertThat(read("K\u0001\u0085.")).isEqualTo("[1]");
        assertThat(read("K\u0001K\u0002\u0086.")).isEqualTo("[1,2]");
        assertThat(read("K\u0001K\u0002K\u0003\u0087.")).isEqualTo("[1,2,3]");
        assertThat(read("(U\u0001aK\u0001d.")).isEqualTo("{\"a\":1}");
        assertThat(read("}U\u0001aK\u0001s(K\u0007NNK\u0002u.")).isEqualTo("{\"a\":1,\"7\":null,\"None\":2}");
        assertThat(read("}K\u0000U\u0001x\u0086K\u0005s.")).isEqualTo("{\"(0, 'x')\":5}");
        assertThat(read("\u008f(K\u0001K\u0002\u0090.")).isEqualTo("[1,2]");
        assertThat(read("(K\u0001K\u0002\u0091.")).isEqualTo("[1,2]");
    }

    @Test
    void the_memo_and_the_stack_work_as_pythons_do() {
        assertThat(read("]q\u0000K\u0001aK\u00090h\u0000\u0086.")).isEqualTo("[[1],[1]]");
        assertThat(read("K\u0001p12\n0g12\n.")).isEqualTo("1");
        assertThat(read("K\u0001r\u0000\u0001\u0000\u00000j\u0000\u0001\u0000\u0000."))
                .isEqualTo("1");
        assertThat(read("K\u0001\u0094K\u0002\u009400h\u0001h\u0000\u0086.")).isEqualTo("[2,1]");
        assertThat(read("K\u0001(K\u0002K\u00031.")).isEqualTo("1");
        assertThat(read("K\u00012\u0086.")).isEqualTo("[1,1]");
        assertThat(read("\u0080\u0004\u0095\u0002\u0000\u0000\u0000\u0000\u0000\u0000\u0000K\u0001."))
                .isEqualTo("1");
    }

    @Test
    void python_types_of_checkpoints_become_plain_data() {
        assertThat(read("ccollections\nOrderedDict\n)RU\u0001aK\u0001s.")).isEqualTo("{\"a\":1}");
        assertThat(read("ccollections\nOrderedDict\n]]U\u0001aaK\u0001aa\u0085R."))
                .as("the form of Python 2: a list of pairs")
                .isEqualTo("{\"a\":1}");
        assertThat(read("ccollections\ndefaultdict\nc__builtin__\nlist\n\u0085RU\u0001aK\u0001s."))
                .isEqualTo("{\"a\":1}");
        assertThat(read("ccollections\nCounter\n}K\u0003K\u0002s\u0085R.")).isEqualTo("{\"3\":2}");
        assertThat(read("c__builtin__\nset\n]K\u0001a\u0085R.")).isEqualTo("[1]");
        assertThat(read("cbuiltins\nfrozenset\n]K\u0001a\u0085R.")).isEqualTo("[1]");
        assertThat(read("cbuiltins\nslice\nNK\u0003N\u0087R.")).isEqualTo("[null,3,null]");
        assertThat(read("cbuiltins\ncomplex\nF1\nF2\n\u0086R.")).isEqualTo("[1.0,2.0]");
        assertThat(
                        read(
                                "c_codecs\nencode\nX\u0002\u0000\u0000\u0000\u00c3\u00bfX\u0006\u0000\u0000\u0000latin1\u0086R."))
                .isEqualTo("\"/w==\"");
        assertThat(read("\u008c\u0007pathlib\u008c\tPosixPath\u0093(\u008c\u0001/\u008c\u0003out\u008c\u0001xtR."))
                .isEqualTo("\"/out/x\"");
    }

    @Test
    void namespaces_are_read_as_their_attributes_in_every_protocol() {
        assertThat(read("cargparse\nNamespace\n)\u0081}U\u0002lrK\u0001sb.")).isEqualTo("{\"lr\":1}");
        assertThat(
                        read(
                                "ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR}U\u0002lrK\u0001sb."))
                .isEqualTo("{\"lr\":1}");
        assertThat(read("(iargparse\nNamespace\n}U\u0002lrK\u0001sb.")).isEqualTo("{\"lr\":1}");
        assertThat(read("(cargparse\nNamespace\no(}U\u0002lrK\u0001sNtb.")).isEqualTo("{\"lr\":1}");
        assertThat(read("cargparse\nNamespace\n)}\u0092}U\u0002lrK\u0001sb.")).isEqualTo("{\"lr\":1}");
    }

    @Test
    void torch_values_that_are_no_tensors_become_plain_data() {
        assertThat(read("ctorch\nSize\n(K\u0002K\u0003t\u0085R.")).isEqualTo("[2,3]");
        assertThat(read("ctorch\ndevice\nU\u0004cudaK\u0001\u0086R.")).isEqualTo("\"cuda:1\"");
        assertThat(read("ctorch\nfloat16\n.")).isEqualTo("\"torch.float16\"");
        assertThat(read("ctorch.torch_version\nTorchVersion\nU\u00032.7\u0085\u0081."))
                .isEqualTo("\"2.7\"");
    }

    @Test
    void numpy_numbers_become_plain_values_and_arrays_become_tensors() {
        String f8 =
                "cnumpy\ndtype\n(U\u0002f8I00\nI01\ntR(K\u0003U\u0001<NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb";
        assertThat(read("cnumpy.core.multiarray\nscalar\n" + f8
                        + "U\b\u0000\u0000\u0000\u0000\u0000\u0000\u00f8?\u0086R."))
                .isEqualTo("1.5");
        byte[] array = new PickleAssembler()
                .raw(
                        "}U\u0001acnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\u0000\u0085C\u0001btR(K\u0001K\u0002K\u0003\u0086")
                .raw(
                        "cnumpy\ndtype\n(U\u0002i2\u0089\u0088tR(K\u0003U\u0001<NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb")
                .raw("\u0088C\f\u0001\u0000\u0002\u0000\u0003\u0000\u0004\u0000\u0005\u0000\u0006\u0000tbs.")
                .bytes();
        try (PyTorchFile file = PyTorchFile.open(TorchFiles.value(folder, array))) {
            assertThat(file.shape("a").getShape()).containsExactly(2, 3);
            assertThat(Elements.of(file, "a"))
                    .as("column-major [[1, 3, 5], [2, 4, 6]]")
                    .containsExactly(1L, 3L, 5L, 2L, 4L, 6L);
        }
        String big =
                "cnumpy\ndtype\n(U\u0002f8I00\nI01\ntR(K\u0003U\u0001>NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\u0000tb";
        assertThat(refusal("cnumpy.core.multiarray\nscalar\n" + big + "U\b12345678\u0086R.")
                        .code())
                .isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED);
    }

    @ParameterizedTest
    @CsvSource({
        "os, system",
        "posix, system",
        "builtins, eval",
        "builtins, exec",
        "builtins, getattr",
        "builtins, __import__",
        "__builtin__, apply",
        "subprocess, Popen",
        "torch, load",
        "torch.hub, load",
        "torch.nn.modules.linear, Linear",
        "functools, partial",
        "operator, attrgetter",
        "collections, namedtuple",
        "torch._utils, _rebuild_qtensor",
        "numpy.core.multiarray, fromfile",
    })
    void a_global_outside_the_list_is_named_and_nothing_after_it_is_read(String module, String name) {
        // What follows the global is no valid pickle: reading on would give another error.
        for (byte[] pickle : new byte[][] {
            new PickleAssembler().raw("}").global(module, name).u1(0xff).bytes(),
            new PickleAssembler()
                    .raw("}")
                    .text(module)
                    .text(name)
                    .u1(0x93)
                    .u1(0xff)
                    .bytes(),
            new PickleAssembler()
                    .raw("}(i" + module + "\n" + name + "\n")
                    .u1(0xff)
                    .bytes(),
        }) {
            VilamException refusal = refusal(pickle);
            assertThat(refusal.code()).isEqualTo(ErrorCode.CHECKPOINT_REFUSED);
            assertThat(refusal).hasMessageContaining(module + "." + name);
        }
    }

    @Test
    void a_class_the_caller_names_is_read_as_data() {
        byte[] pickle = new PickleAssembler()
                .raw("}U\u0003cfgceasydict\nEasyDict\n)\u0081U\u0001aK\u0001s}U\u0001bK\u0002sbs.")
                .bytes();
        Path file = TorchFiles.value(folder, pickle);
        assertThatThrownBy(() -> PyTorchFile.open(file)).hasMessageContaining("easydict.EasyDict");
        try (PyTorchFile open = PyTorchFile.open(file, Set.of("easydict.EasyDict"))) {
            assertThat(open.content().toString()).isEqualTo("{\"cfg\":{\"b\":2,\"a\":1}}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // no STOP
                ".", // nothing on the stack
                "K", // cut
                "(.", // only a mark
                "t.", // no mark
                "K\u0001K\u0002s.", // an item set in a number
                "}K\u0001a.", // appended to a dictionary
                "}K\u0001(u(K\u0001u.", // a key without a value
                "}]K\u0001s.", // a list as a key
                "}K\u0001K\u0001sU\u00011K\u0002s.", // 1 and '1' read alike
                "h\u0005.", // nothing memorised
                "X\u00ff\u00ff\u00ff\u007f.", // a length of 2 GiB
                "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", // a length of 2^64 - 1
                "\u008a\u00ff.", // an integer of 255 bytes that are not there
                "\u008b\u00ff\u00ff\u00ff\u007f.", // an integer of 2 GiB
                "X\u0001\u0000\u0000\u0000\u00ff.", // not UTF-8
                "I12x\n.",
                "F0x1p3\n.",
                "Sabc\n.",
                "Va\\u12\n.",
                "K\u0001)R.", // a number applied
                "ctorch\nfloat32\n)R.", // a type applied
                "ctorch._utils\n_rebuild_tensor_v2\n)R.", // no arguments
                "ctorch._utils\n_rebuild_parameter\nK\u0001\u0085R.",
                "U\u0001xQ.", // an identifier that is no tuple
                "Pabc\n.", // an identifier as text
                "\u0097.", // an out-of-band buffer
                "]K\u0001b.", // state of a list
                "\u00ff.", // no opcode
                "c_codecs\nencode\nU\u0001aU\u0006rot_13\u0086R."
            })
    void a_malformed_pickle_is_refused_as_corrupt(String pickle) {
        assertThat(refusal(pickle).code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
    }

    @Test
    void extension_numbers_and_later_protocols_are_refused() {
        assertThat(refusal("\u0082\u0001.").code()).isEqualTo(ErrorCode.CHECKPOINT_REFUSED);
        assertThat(refusal("\u0080\u0006N.").code()).isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED);
    }

    @Test
    void a_value_that_contains_itself_is_refused() {
        assertThat(refusal("]q\u0000h\u0000a.").code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
        assertThat(refusal("}q\u0000U\u0001ah\u0000s.").code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
    }

    @Test
    void a_few_bytes_that_unfold_without_end_are_refused() {
        PickleAssembler bomb = new PickleAssembler().raw("]q\u0000");
        for (int level = 1; level < 100; level++) {
            bomb.raw("](")
                    .raw("h")
                    .u1(level - 1)
                    .raw("h")
                    .u1(level - 1)
                    .raw("eq")
                    .u1(level);
        }
        assertThat(refusal(bomb.stop()).code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
    }

    @Test
    void nesting_deeper_than_any_stack_is_refused_without_overflowing_it() {
        PickleAssembler deep = new PickleAssembler();
        for (int i = 0; i < 1_000_000; i++) {
            deep.raw("]");
        }
        for (int i = 1; i < 1_000_000; i++) {
            deep.raw("a");
        }
        assertThat(refusal(deep.stop()).code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
        PickleAssembler key = new PickleAssembler().raw("})");
        for (int i = 1; i < 1_000_000; i++) {
            key.raw("\u0085");
        }
        assertThat(refusal(key.raw("Ns.").bytes()).code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT);
    }

    @Test
    void more_steps_than_allowed_are_refused() {
        PickleAssembler many = new PickleAssembler();
        for (int i = 0; i <= PickleAllowance.MAX_STEPS; i++) {
            many.raw("}");
        }
        assertThat(refusal(many.stop()).code()).isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED);
    }

    @Test
    void copying_a_large_value_again_and_again_counts_as_work() {
        PickleAssembler copies = new PickleAssembler().raw("](");
        for (int i = 0; i < 100_000; i++) {
            copies.raw("N");
        }
        copies.raw("eq\u0000");
        for (int i = 0; i < 100_000; i++) {
            copies.raw("cbuiltins\nset\nh\u0000\u0085R0");
        }
        assertThat(refusal(copies.stop()).code()).isEqualTo(ErrorCode.CHECKPOINT_UNSUPPORTED);
    }
}
