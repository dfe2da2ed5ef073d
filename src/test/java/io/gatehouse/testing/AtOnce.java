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
        var barrier = new CyclicBarrier(callers);
        var calls = new ArrayList<Callable<T>>();
        for (int i = 0; i < callers; i++) {
            int number = i;
            calls.add(() -> {
                barrier.await();
                return call.apply(number);
            });
        }
        var answers = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(calls)) {
                answers.add(answer.get());
            }
        }
        return answers;
    }
}
