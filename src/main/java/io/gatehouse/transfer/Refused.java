package io.gatehouse.transfer;

/** Why a command cannot go on, in a sentence for whoever called it. */
final class Refused extends RuntimeException {

    Refused(String message) {
        super(message);
    }

    Refused(String message, Throwable cause) {
        super(message, cause);
    }
}
