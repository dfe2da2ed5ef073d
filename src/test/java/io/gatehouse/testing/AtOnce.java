package io.gatehouse.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;

/** Many callers who begin in the same moment. */
public final class AtOnce {

    private AtOnce() {
    }

    /** @return what each of them got, in the order of their numbers */
    public static <T> List<T> call(int callers, IntFunction<T> call) throws Exception {
        return call(callers, callers, call);
    }

    /**
     * So many calls by callers who go on until all are made.
     *
     * @return what each call got, in the order of their numbers
     */
    public static <T> List<T> call(int callers, int calls, IntFunction<T> call) throws Exception {
        var barrier = new CyclicBarrier(callers);
        var work = new ArrayList<Callable<T>>();
        for (int i = 0; i < calls; i++) {
            int number = i;
            work.add(() -> {
                if (number < callers) {
                    barrier.await();
                }
                return call.apply(number);
            });
        }
        var answers = new ArrayList<T>();
        try (var threads = Executors.newFixedThreadPool(callers, Thread.ofVirtual().factory())) {
            for (var answer : threads.invokeAll(work)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
