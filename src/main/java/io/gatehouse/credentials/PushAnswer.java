package io.gatehouse.credentials;

/**
 * What came of asking somebody for an approval.
 *
 * @param over false: the prompt may still be on the phone, and an answer to it be taken for one to the next prompt
 */
public record PushAnswer(Kind kind, boolean over) {

    /** What kind of answer. Nothing but {@link #APPROVED} lets anybody in. */
    public enum Kind {
        APPROVED,
        REJECTED,
        /** Nobody answered in time. */
        TIMED_OUT,
        /** The service knows no device of this person that may approve anything. */
        NO_DEVICE,
        /** The service cannot be reached, or answered with something else. */
        FAILED
    }
}
