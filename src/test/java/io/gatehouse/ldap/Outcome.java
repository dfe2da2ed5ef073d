package io.gatehouse.ldap;

/** What became of a request. Result codes are those of RFC 4511 section 4.1.9. */
sealed interface Outcome {

    record Answered(int resultCode) implements Outcome {}

    /** A Notice of Disconnection (RFC 4511 section 4.4.1) and then the end of the connection. */
    record Disconnected(int resultCode) implements Outcome {}

    /** The connection ended without a word. */
    record Closed() implements Outcome {}
}
