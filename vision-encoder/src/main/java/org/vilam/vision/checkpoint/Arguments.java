package org.vilam.vision.checkpoint;

import java.util.List;
import org.vilam.vision.error.VilamException;

/** What a global of a pickle is applied to, with checked access. */
final class Arguments {
    /** torch's own limit on a tensor's sides. */
    static final int MAX_RANK = 64;

    private final String of;
    private final List<Pickled> values;
    private final PickleInput in;
    private final PickleAllowance allowance;

    Arguments(String of, List<Pickled> values, PickleInput in, PickleAllowance allowance) {
        this.of = of;
        this.values = values;
        this.in = in;
        this.allowance = allowance;
    }

    /** The same reader's view of other values. */
    Arguments with(String what, List<Pickled> others) {
        return new Arguments(what, others, in, allowance);
    }

    int size() {
        return values.size();
    }

    List<Pickled> all() {
        return values;
    }

    Pickled get(int index) {
        if (index >= values.size()) {
            throw wrong("only " + values.size() + " arguments");
        }
        return values.get(index);
    }

    String text(int index) {
        if (get(index) instanceof Pickled.Text text) {
            return text.value();
        }
        throw wrong("argument " + index + " is no text");
    }

    long whole(int index) {
        if (get(index) instanceof Pickled.Whole whole) {
            return whole.value();
        }
        throw wrong("argument " + index + " is no integer");
    }

    boolean flag(int index) {
        if (get(index) instanceof Pickled.Flag flag) {
            return flag.value();
        }
        throw wrong("argument " + index + " is neither True nor False");
    }

    List<Pickled> sequence(int index) {
        if (get(index) instanceof Pickled.Sequence sequence) {
            spend(sequence.items().size());
            return sequence.items();
        }
        throw wrong("argument " + index + " is no list or tuple");
    }

    /** Bytes; Python 2 wrote them as text. */
    byte[] bytes(int index) {
        if (get(index) instanceof Pickled.Bytes bytes) {
            return bytes.value();
        }
        if (get(index) instanceof Pickled.Text text) {
            spend(text.value().length());
            return PickleText.latin1(text.value(), this);
        }
        throw wrong("argument " + index + " is no bytes");
    }

    /** A tensor's sides or strides. */
    long[] sides(int index) {
        List<Pickled> items = sequence(index);
        if (items.size() > MAX_RANK) {
            throw wrong("a tensor of " + items.size() + " sides");
        }
        Arguments each = with(of, items);
        long[] sides = new long[items.size()];
        for (int i = 0; i < sides.length; i++) {
            sides[i] = each.whole(i);
        }
        return sides;
    }

    Pickled.Global global(int index) {
        if (get(index) instanceof Pickled.Global global) {
            return global;
        }
        throw wrong("argument " + index + " is no class or function");
    }

    PickleInput input() {
        return in;
    }

    /** Counts work that grows with the size of values: a few bytes of a pickle may name a large one again and again. */
    void spend(long steps) {
        allowance.spend(steps, in);
    }

    VilamException wrong(String detail) {
        return in.corrupt(of + ": " + detail);
    }

    VilamException unsupported(String detail) {
        return Refusals.unsupported(in.file(), detail, "Load it once in PyTorch and save only the state dict.");
    }
}
