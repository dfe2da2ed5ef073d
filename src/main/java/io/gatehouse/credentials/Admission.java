package io.gatehouse.credentials;

import java.time.Duration;

/** Whether a login attempt may be made. */
public sealed interface Admission {

    /**
     * The attempt may be made; its outcome must be told to the {@link LoginThrottle}.
     *
     * @param delay to wait before the password is checked; often zero
     */
    record Admitted(Duration delay) implements Admission {
    }

    /**
     * The attempt is refused; it must not be made, and there is no outcome to tell.
     *
     * @param remaining until it is worth another try
     */
    record Locked(Duration remaining) implements Admission {
    }
}
