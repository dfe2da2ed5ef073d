package io.gatehouse.bench;

import com.unboundid.asn1.ASN1StreamReader;
import com.unboundid.ldap.protocol.BindResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.SearchResultDoneProtocolOp;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;

/** The answer that arrives on a connection. Only its messages' boundaries are looked at, and how it ends. */
final class Answer {

    private static final int SEARCH_RESULT_ENTRY = 0x64;
    private static final int SEARCH_RESULT_DONE = 0x65;
    private static final int BIND_RESPONSE = 0x61;
    private static final int LONG_LENGTH = 0x80;
    /** Tag, length and value of a message id below 128. */
    private static final int MESSAGE_ID_BYTES = 3;

    private final ByteBuffer received = ByteBuffer.allocateDirect(1 << 18);
    private int entries;
    private byte[] last;
    /** Length of the value that the latest {@link #header} announced. */
    private int length;

    /** Where to put what arrives. */
    ByteBuffer buffer() {
        return received;
    }

    void reset() {
        entries = 0;
        last = null;
    }

    int entries() {
        return entries;
    }

    /** @return the message that ended the answer */
    LDAPMessage last() {
        try {
            return LDAPMessage.readFrom(new ASN1StreamReader(new ByteArrayInputStream(last)), true);
        } catch (LDAPException e) {
            throw new IllegalStateException("The server sent something else than LDAP", e);
        }
    }

    /**
     * Takes the whole messages out of the buffer.
     *
     * @return whether the answer is complete
     * @throws IllegalStateException if it tells of a failure
     */
    boolean isComplete() {
        int start = 0;
        int end = received.position();
        boolean complete = false;
        while (!complete) {
            int header = header(start, end);
            if (header < 0 || end - start < header + length) {
                break;
            }
            int next = start + header + length;
            int operation = received.get(start + header + MESSAGE_ID_BYTES) & 0xff;
            if (operation == SEARCH_RESULT_ENTRY) {
                entries++;
            } else {
                last = new byte[next - start];
                received.get(start, last);
                requireSuccess(start + header + MESSAGE_ID_BYTES, operation, next);
                complete = true;
            }
            start = next;
        }
        received.limit(end).position(start);
        received.compact();
        if (!received.hasRemaining()) {
            throw new IllegalStateException("An entry is larger than " + received.capacity() + " bytes");
        }
        return complete;
    }

    /** Sets {@link #length}. @return bytes of tag and length; -1 if they have not all arrived */
    private int header(int start, int end) {
        if (end - start < 2) {
            return -1;
        }
        int first = received.get(start + 1) & 0xff;
        if (first < LONG_LENGTH) {
            length = first;
            return 2;
        }
        int octets = first & ~LONG_LENGTH;
        if (end - start < 2 + octets) {
            return -1;
        }
        length = 0;
        for (int i = 0; i < octets; i++) {
            length = length << 8 | received.get(start + 2 + i) & 0xff;
        }
        return 2 + octets;
    }

    /** Both kinds of result begin with an ENUMERATED of one byte: its tag, its length, its value. */
    private void requireSuccess(int start, int operation, int end) {
        int value = start + header(start, end);
        boolean result = operation == SEARCH_RESULT_DONE || operation == BIND_RESPONSE;
        if (!result || received.get(value + 2) != 0) {
            throw new IllegalStateException("The server answered " + describe());
        }
    }

    private String describe() {
        return switch (last().getProtocolOp()) {
            case SearchResultDoneProtocolOp done -> done.getResultCode() + " " + done.getDiagnosticMessage();
            case BindResponseProtocolOp bind -> bind.getResultCode() + " " + bind.getDiagnosticMessage();
            case Object other -> other.toString();
        };
    }
}
