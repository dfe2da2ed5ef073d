package io.gatehouse.gateway;

/** A value that must not get into a file, for it could mean something else there. What it belongs to is left out. */
final class Unrenderable extends RuntimeException {

    Unrenderable(String message) {
        super(message, null, false, false);
    }
}
