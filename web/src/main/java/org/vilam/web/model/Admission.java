package org.vilam.web.model;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

/** Lets so many in at once, keeps so many waiting in the order they came, and sends the others away. */
final class Admission {
    private static final long LOOK_AROUND_MILLIS = 500;

    private final int maxInside;
    private final int maxWaiting;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Deque<Object> waiting = new ArrayDeque<>();
    private int inside;

    Admission(int maxInside, int maxWaiting) {
        this.maxInside = maxInside;
        this.maxWaiting = maxWaiting;
    }

    /**
     * Waits to be let in; {@link #leave} must follow.
     *
     * @param ahead told now and then how many are ahead; what it throws ends the waiting
     * @throws VilamException BUSY when too many wait already
     */
    void enter(IntConsumer ahead) {
        Object ticket = new Object();
        int told;
        lock.lock();
        try {
            if (inside < maxInside && waiting.isEmpty()) {
                inside++;
                return;
            }
            if (waiting.size() >= maxWaiting) {
                throw new VilamException(
                        ErrorCode.BUSY,
                        waiting.size() + " questions are waiting already",
                        "Ask again in some seconds; the Retry-After header says when.");
            }
            waiting.addLast(ticket);
            told = waiting.size();
        } finally {
            lock.unlock();
        }
        boolean admitted = false;
        try {
            while (!admitted) {
                ahead.accept(told); // outside the lock: it may write to a slow network
                lock.lock();
                try {
                    if (!mayEnter(ticket)) {
                        moved.await(LOOK_AROUND_MILLIS, TimeUnit.MILLISECONDS);
                    }
                    if (mayEnter(ticket)) {
                        waiting.removeFirst();
                        inside++;
                        admitted = true;
                        moved.signalAll();
                    }
                    told = new ArrayList<>(waiting).indexOf(ticket) + 1;
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VilamException(ErrorCode.BUSY, "the program is ending", "Ask again after its restart.", e);
        } finally {
            if (!admitted) {
                giveUp(ticket);
            }
        }
    }

    private boolean mayEnter(Object ticket) {
        return inside < maxInside && waiting.peekFirst() == ticket;
    }

    private void giveUp(Object ticket) {
        lock.lock();
        try {
            waiting.remove(ticket);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            inside--;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int inside() {
        lock.lock();
        try {
            return inside;
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
