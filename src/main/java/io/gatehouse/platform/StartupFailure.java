package io.gatehouse.platform;

/** Why the server cannot start, in one line that says what to do; shown to the operator without a stack trace. */
public final class StartupFailure extends RuntimeException {

    public StartupFailure(String message) {
        super(message);
    }

    public StartupFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
