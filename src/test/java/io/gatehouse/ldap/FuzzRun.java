package io.gatehouse.ldap;

import java.io.IOException;
import java.util.HexFormat;
import java.util.function.IntFunction;

/** Sends message after message and learns the fate of each one before the next. */
final class FuzzRun {

    /** Follows each message: its answer shows that the connection is still of use. */
    private static final int SENTINEL_ID = Integer.MAX_VALUE - 1;
    private static final byte[] SENTINEL = LdapRequests.extended(SENTINEL_ID, LdapRequests.WHO_AM_I);
    private static final int UNBIND_REQUEST = 0x42;
    private static final int PROTOCOL_ERROR = 2;
    private static final int ADMIN_LIMIT_EXCEEDED = 11;

    private final Dialer dialer;
    private final IntFunction<byte[]> messages;
    private RawConnection connection;
    private int survived;
    private int disconnected;
    private int closed;

    FuzzRun(Dialer dialer, IntFunction<byte[]> messages) {
        this.dialer = dialer;
        this.messages = messages;
    }

    interface Dialer {
        RawConnection dial() throws IOException;
    }

    /** How many messages left the connection open, ended it with a notice, or ended it without. */
    record Tally(int survived, int disconnected, int closed) {
        Tally plus(Tally other) {
            return new Tally(survived + other.survived, disconnected + other.disconnected, closed + other.closed);
        }

        int sent() {
            return survived + disconnected + closed;
        }
    }

    /** @throws AssertionError naming the message that the server did not deal with */
    Tally send(int from, int to) throws IOException {
        try {
            for (int index = from; index < to; index++) {
                byte[] message = messages.apply(index);
                try {
                    send(message);
                } catch (IOException | AssertionError e) {
                    throw new AssertionError(
                            "message " + index + " was not dealt with: " + HexFormat.of().formatHex(message), e);
                }
            }
            return new Tally(survived, disconnected, closed);
        } finally {
            hangUp();
        }
    }

    private void send(byte[] message) throws IOException {
        if (connection == null) {
            connection = dialer.dial();
        }
        if (isFramed(message)) {
            connection.send(HostileBer.concatenated(message, SENTINEL));
            count(connection.outcome(SENTINEL_ID), hasUnbind(message));
        } else {
            connection.send(message);
            connection.endOfRequests();
            count(connection.ending(), true);
        }
    }

    private void count(Outcome outcome, boolean mayEndWithoutNotice) throws IOException {
        switch (outcome) {
            case Outcome.Answered _ -> survived++;
            case Outcome.Disconnected(int resultCode) -> {
                if (resultCode != PROTOCOL_ERROR && resultCode != ADMIN_LIMIT_EXCEEDED) {
                    throw new AssertionError("a Notice of Disconnection with result code " + resultCode);
                }
                disconnected++;
                hangUp();
            }
            case Outcome.Closed() -> {
                if (!mayEndWithoutNotice) {
                    throw new AssertionError("closed without a Notice of Disconnection");
                }
                closed++;
                hangUp();
            }
        }
    }

    private void hangUp() throws IOException {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Whether the bytes are whole elements, so that what follows them is not taken for a part of them. */
    private static boolean isFramed(byte[] bytes) {
        int at = 0;
        while (at < bytes.length) {
            at = endOfElement(bytes, at);
            if (at < 0) {
                return false;
            }
        }
        return at > 0;
    }

    private static boolean hasUnbind(byte[] framed) {
        for (int at = 0; at < framed.length; at = endOfElement(framed, at)) {
            int messageId = startOfValue(framed, at);
            int protocolOp = messageId < framed.length ? endOfElement(framed, messageId) : -1;
            if (protocolOp >= 0 && protocolOp < framed.length && (framed[protocolOp] & 0xff) == UNBIND_REQUEST) {
                return true;
            }
        }
        return false;
    }

    private static int startOfValue(byte[] bytes, int at) {
        int first = bytes[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    /** @return -1 if the element does not end within the bytes */
    private static int endOfElement(byte[] bytes, int at) {
        if (at + 2 > bytes.length) {
            return -1;
        }
        int first = bytes[at + 1] & 0xff;
        if (first == 0x80 || first > 0x84 || startOfValue(bytes, at) > bytes.length) {
            return -1;
        }
        long length = first;
        if (first > 0x80) {
            length = 0;
            for (int i = at + 2; i < startOfValue(bytes, at); i++) {
                length = length << 8 | bytes[i] & 0xff;
            }
        }
        long end = startOfValue(bytes, at) + length;
        return end <= bytes.length ? (int) end : -1;
    }
}
