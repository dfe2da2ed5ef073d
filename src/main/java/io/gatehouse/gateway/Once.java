package io.gatehouse.gateway;

import io.micronaut.core.annotation.Nullable;
import java.util.function.Supplier;

/** What is made when it is first asked for, and then kept: whoever asks meanwhile waits for it instead of making another one. */
final class Once<T> implements Supplier<T> {

    private @Nullable Supplier<T> maker;
    private @Nullable T made;

    Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        if (maker != null) {
            made = maker.get();
            maker = null;
        }
        return made;
    }
}
