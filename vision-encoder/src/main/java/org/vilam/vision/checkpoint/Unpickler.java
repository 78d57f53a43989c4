package org.vilam.vision.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/**
 * Reads a pickle of protocol 0 to 5 as data. Nothing is imported, instantiated or called: a pickle is a program for a stack
 * machine, and this machine knows only the {@linkplain PickleGlobals globals} that weight files need, each of which yields
 * plain {@link Pickled} values.
 *
 * <p>Memory and time are bounded: every length is checked against the bytes that are left, and every step, also each element
 * that a step copies, is taken from one allowance.
 *
 * @see <a href="https://github.com/python/cpython/blob/3.12/Lib/pickletools.py">pickletools, the opcodes' description</a>
 */
final class Unpickler {
    /** The longest pickle; the elements of tensors lie outside it. */
    static final int MAX_BYTES = 64 << 20;

    private final PickleInput in;
    private final PickleGlobals globals;
    private final Function<Arguments, Pickled> persistent;
    private final PickleAllowance allowance;
    private final List<Pickled> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Pickled> memo = new HashMap<>();

    /**
     * @param persistent turns the identifier of an object outside the pickle into that object
     */
    Unpickler(
            PickleInput in, PickleGlobals globals, PickleAllowance allowance, Function<Arguments, Pickled> persistent) {
        this.in = in;
        this.globals = globals;
        this.allowance = allowance;
        this.persistent = persistent;
    }

    /** Reads one pickle, up to and including its STOP; the next one begins afresh. */
    Pickled read() {
        stack.clear();
        marks.clear();
        memo.clear();
        while (true) {
            allowance.spend(1, in);
            int opcode = in.u1();
            if (opcode == '.') {
                return pop();
            }
            if (!constant(opcode) && !container(opcode) && !memo(opcode) && !object(opcode)) {
                throw in.corrupt(String.format("the unknown opcode 0x%02x", opcode));
            }
        }
    }

    private boolean constant(int opcode) {
        switch (opcode) {
            case 'N' -> push(Pickled.None.NONE);
            case 0x88 -> push(new Pickled.Flag(true));
            case 0x89 -> push(new Pickled.Flag(false));
            case 'I' -> push(PickleNumbers.integerLine(in));
            case 'L' -> push(PickleNumbers.longLine(in));
            case 'J' -> push(new Pickled.Whole(in.i4()));
            case 'K' -> push(new Pickled.Whole(in.u1()));
            case 'M' -> push(new Pickled.Whole(in.u2()));
            case 0x8a -> push(PickleNumbers.littleEndian(in, in.u1()));
            case 0x8b -> push(PickleNumbers.littleEndian(in, in.u4()));
            case 'F' -> push(new Pickled.Real(PickleNumbers.decimalLine(in)));
            case 'G' -> push(new Pickled.Real(in.bigEndianDouble()));
            case 'X' -> push(new Pickled.Text(in.utf8(in.u4())));
            case 0x8c -> push(new Pickled.Text(in.utf8(in.u1())));
            case 0x8d -> push(new Pickled.Text(in.utf8(in.i8())));
            case 'V' -> push(new Pickled.Text(PickleText.rawUnicode(in.line(), in)));
            case 'S' -> push(PickleText.quoted(in.line(), in));
            case 'T' -> push(PickleText.ofPython2(in.bytes(in.u4())));
            case 'U' -> push(PickleText.ofPython2(in.bytes(in.u1())));
            case 'B' -> push(new Pickled.Bytes(in.bytes(in.u4())));
            case 'C' -> push(new Pickled.Bytes(in.bytes(in.u1())));
            case 0x8e, 0x96 -> push(new Pickled.Bytes(in.bytes(in.i8())));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean container(int opcode) {
        switch (opcode) {
            case '(' -> marks.add(stack.size());
            case ')' -> push(Pickled.Sequence.fixed(List.of()));
            case 't' -> push(Pickled.Sequence.fixed(popToMark()));
            case 0x85 -> push(Pickled.Sequence.fixed(pop(1)));
            case 0x86 -> push(Pickled.Sequence.fixed(pop(2)));
            case 0x87 -> push(Pickled.Sequence.fixed(pop(3)));
            case ']', 0x8f -> push(Pickled.Sequence.list());
            case 'l' -> push(new Pickled.Sequence(popToMark(), true));
            case 0x91 -> push(Pickled.Sequence.fixed(popToMark()));
            case '}' -> push(Pickled.Dict.empty());
            case 'd' -> {
                List<Pickled> items = popToMark();
                push(Pickled.Dict.empty());
                setItems(items);
            }
            case 'a' -> append(pop(1));
            case 'e', 0x90 -> append(popToMark());
            case 's' -> setItems(pop(2));
            case 'u' -> setItems(popToMark());
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean memo(int opcode) {
        switch (opcode) {
            case '0' -> discard();
            case '1' -> popToMark();
            case '2' -> push(peek());
            case 'p' -> memo.put(PickleNumbers.indexLine(in), peek());
            case 'q' -> memo.put(in.u1(), peek());
            case 'r' -> memo.put(in.i4(), peek());
            case 0x94 -> memo.put(memo.size(), peek());
            case 'g' -> push(recall(PickleNumbers.indexLine(in)));
            case 'h' -> push(recall(in.u1()));
            case 'j' -> push(recall(in.i4()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean object(int opcode) {
        switch (opcode) {
            case 0x80 -> protocol(in.u1());
            // A frame only tells how much to read ahead.
            case 0x95 -> in.i8();
            case 'c' -> push(globals.find(in.line(), in.line(), in));
            case 0x93 -> {
                List<Pickled> names = pop(2);
                push(globals.find(text(names.get(0)), text(names.get(1)), in));
            }
            case 'R', 0x81 -> {
                List<Pickled> call = pop(2);
                push(call(call.get(0), elements(call.get(1))));
            }
            case 0x92 -> {
                List<Pickled> call = pop(3);
                if (!(call.get(2) instanceof Pickled.Dict named)
                        || !named.entries().isEmpty()) {
                    throw in.corrupt("an object made with named arguments");
                }
                push(call(call.get(0), elements(call.get(1))));
            }
            case 'i' -> {
                Pickled.Global type = globals.find(in.line(), in.line(), in);
                push(call(type, popToMark()));
            }
            case 'o' -> {
                List<Pickled> items = popToMark();
                if (items.isEmpty()) {
                    throw in.corrupt("an object without a class");
                }
                push(call(items.get(0), items.subList(1, items.size())));
            }
            case 'b' -> {
                Pickled state = pop();
                PickleState.set(peek(), state, arguments("the state of an object", List.of(state)));
            }
            case 'Q' -> push(persistent.apply(arguments("a persistent identifier", elements(pop()))));
            case 'P' -> throw in.corrupt("a persistent identifier written as text, which torch.save never does");
            case 0x82, 0x83, 0x84 ->
                throw new VilamException(
                        ErrorCode.CHECKPOINT_REFUSED,
                        in.file() + ": its pickle refers to a registered extension by number",
                        PickleGlobals.HINT);
            case 0x97, 0x98 -> throw in.corrupt("a buffer kept outside the pickle, which torch.save never does");
            default -> {
                return false;
            }
        }
        return true;
    }

    private Pickled call(Pickled callee, List<Pickled> arguments) {
        if (!(callee instanceof Pickled.Global global) || global.call() == null) {
            String what = callee instanceof Pickled.Global global ? global.name() : "a value";
            throw in.corrupt(what + " is applied to arguments, which it does not take");
        }
        allowance.spend(arguments.size(), in);
        return global.call().apply(arguments(global.name(), arguments));
    }

    private Arguments arguments(String of, List<Pickled> values) {
        return new Arguments(of, values, in, allowance);
    }

    private void append(List<Pickled> items) {
        Pickled target = peek();
        if (target instanceof Pickled.Sequence sequence && sequence.growing()) {
            sequence.items().addAll(items);
        } else if (target instanceof Pickled.Instance instance) {
            instance.items().items().addAll(items);
        } else {
            throw in.corrupt("items are added to what is no list");
        }
    }

    private void setItems(List<Pickled> items) {
        Pickled target = peek();
        Map<String, Pickled> entries;
        if (target instanceof Pickled.Dict dict) {
            entries = dict.entries();
        } else if (target instanceof Pickled.Instance instance) {
            entries = instance.entries().entries();
        } else {
            throw in.corrupt("entries are set in what is no dictionary");
        }
        if (items.size() % 2 != 0) {
            throw in.corrupt("a key without a value");
        }
        for (int i = 0; i < items.size(); i += 2) {
            String key = PickleText.key(items.get(i), in);
            if (entries.put(key, items.get(i + 1)) != null) {
                throw in.corrupt("two entries of one dictionary read '" + key + "'");
            }
        }
    }

    private void push(Pickled value) {
        stack.add(value);
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private Pickled peek() {
        if (stack.size() <= floor()) {
            throw in.corrupt("it takes a value where there is none");
        }
        return stack.get(stack.size() - 1);
    }

    private Pickled pop() {
        Pickled top = peek();
        stack.remove(stack.size() - 1);
        return top;
    }

    private List<Pickled> pop(int count) {
        if (stack.size() - floor() < count) {
            throw in.corrupt("it takes a value where there is none");
        }
        return cut(stack.size() - count);
    }

    private List<Pickled> popToMark() {
        if (marks.isEmpty()) {
            throw in.corrupt("it goes back to a mark where there is none");
        }
        return cut(marks.remove(marks.size() - 1));
    }

    private List<Pickled> cut(int from) {
        List<Pickled> tail = stack.subList(from, stack.size());
        List<Pickled> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    /** POP also takes away a mark on top, as Python's own machine does. */
    private void discard() {
        if (!marks.isEmpty() && floor() == stack.size()) {
            marks.remove(marks.size() - 1);
        } else {
            pop();
        }
    }

    private Pickled recall(int index) {
        Pickled value = memo.get(index);
        if (value == null) {
            throw in.corrupt("it recalls number " + index + ", which was not memorised");
        }
        return value;
    }

    private List<Pickled> elements(Pickled tuple) {
        if (tuple instanceof Pickled.Sequence sequence) {
            return sequence.items();
        }
        throw in.corrupt("arguments that are no tuple");
    }

    private String text(Pickled value) {
        if (value instanceof Pickled.Text text) {
            return text.value();
        }
        throw in.corrupt("the name of a global is no text");
    }

    private void protocol(int version) {
        if (version > 5) {
            throw Refusals.unsupported(
                    in.file(), "a pickle of protocol " + version, "Save it with a pickle protocol up to 5.");
        }
    }
}
