package io.gatehouse.ldap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The requests of one connection, handed on only as whole messages that are small enough, well-formed and not nested deeply.
 * Memory grows with what has arrived, not with what was announced.
 *
 * <p>The decoder reads from one stream and keeps no account of where a message ends: what it left of one, or took from the
 * next, would make two messages out of bytes that were checked as others. So each message must be read exactly, which
 * {@link #requestDecoded} ascertains before an operation begins.
 */
final class RequestStream extends InputStream {

    private static final int INITIAL_BUFFER = 4 * 1024;
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private final LdapConnection connection;
    private InputStream source;
    private byte[] buffer = new byte[INITIAL_BUFFER];
    private int position;
    private int messageEnd;
    private int filled;
    private int mark;
    private boolean isBetweenMessages = true;
    /** What is being read, or was, on another thread. */
    private CompletableFuture<byte[]> ahead;

    RequestStream(LdapConnection connection, InputStream source) {
        this.connection = connection;
        this.source = source;
    }

    /**
     * The decoder has made a request of what it read; the next byte it reads begins another message.
     *
     * @throws IOException if it left some of the message; the connection has ended
     */
    void requestDecoded() throws IOException {
        if (position != messageEnd) {
            throw connection.refuse("The message is malformed: there is more in it than a request.");
        }
        isBetweenMessages = true;
    }

    /** Whether bytes of a message, all of which had arrived, were handed on and made no request yet. */
    boolean isWithinMessage() {
        return !isBetweenMessages;
    }

    /**
     * Reads on while the connection's own thread waits for something else.
     *
     * @return completes when the client sends something or ends the connection, with as many bytes as arrived; exceptionally when the
     *         connection breaks
     */
    CompletableFuture<byte[]> readAhead() {
        if (hasUnread()) {
            return CompletableFuture.completedFuture(Arrays.copyOfRange(buffer, messageEnd, filled));
        }
        if (ahead == null) {
            var reading = new CompletableFuture<byte[]>();
            var from = source;
            Thread.ofVirtual().name("ldap-read-ahead").start(() -> {
                try {
                    var bytes = new byte[INITIAL_BUFFER];
                    reading.complete(Arrays.copyOf(bytes, Math.max(0, from.read(bytes))));
                } catch (IOException | RuntimeException e) {
                    reading.completeExceptionally(e);
                }
            });
            ahead = reading;
        }
        return ahead;
    }

    /** Whether bytes have arrived that are not handed on yet. */
    boolean hasUnread() {
        return filled > messageEnd;
    }

    void replaceSource(InputStream next) {
        source = next;
    }

    @Override
    public int read() throws IOException {
        return position < messageEnd || nextMessage() ? buffer[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == messageEnd && !nextMessage()) {
            return -1;
        }
        int count = Math.min(length, messageEnd - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /** Without this the decoder would read ahead into a buffer of its own. */
    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public synchronized void mark(int readLimit) {
        mark = position;
    }

    @Override
    public synchronized void reset() {
        position = mark;
    }

    @Override
    public int available() {
        return messageEnd - position;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    /** Waits for the next message; false at the orderly end of the connection. */
    private boolean nextMessage() throws IOException {
        if (!isBetweenMessages) {
            throw connection.refuse("The message is malformed: there is less in it than a request.");
        }
        compact();
        int header = headerLength();
        while (header < 0) {
            if (!fill()) {
                return false;
            }
            header = headerLength();
        }
        int length = messageLength(header);
        while (filled < length) {
            if (!fill()) {
                return false;
            }
        }
        connection.requestArrived();
        var defect = BerNesting.defect(buffer, 0, length);
        if (defect != null) {
            throw connection.refuse("The message is malformed: " + defect + ".");
        }
        checkMessageId(header, length);
        messageEnd = length;
        isBetweenMessages = false;
        return true;
    }

    private void compact() {
        int rest = filled - messageEnd;
        if (buffer.length > INITIAL_BUFFER && rest <= INITIAL_BUFFER) {
            buffer = Arrays.copyOfRange(buffer, messageEnd, messageEnd + INITIAL_BUFFER);
        } else if (rest > 0) {
            System.arraycopy(buffer, messageEnd, buffer, 0, rest);
        }
        filled = rest;
        position = 0;
        messageEnd = 0;
    }

    /** Bytes of the tag and the length, or -1 as long as they have not arrived. */
    private int headerLength() throws IOException {
        if (filled > 0 && (buffer[0] & 0xff) != SEQUENCE) {
            throw connection.refuse("This is not an LDAP message.");
        }
        if (filled < 2) {
            return -1;
        }
        int first = buffer[1] & 0xff;
        int header = first < 0x80 ? 2 : 2 + (first & 0x7f);
        if (first == 0x80 || header > 6) {
            throw connection.refuse("The length of the message is not definite or too long.");
        }
        return filled < header ? -1 : header;
    }

    /** RFC 4511 section 4.1.1.1: an INTEGER from 1 (0 is for what the server sends unasked) to 2147483647. */
    private void checkMessageId(int at, int end) throws IOException {
        int length = at < end ? buffer[at + 1] : 0;
        int id = length > 0 && buffer[at + 2] < 0 ? -1 : 0;
        for (int i = 0; i < length && i < Integer.BYTES; i++) {
            id = id << 8 | buffer[at + 2 + i] & 0xff;
        }
        if (length < 1 || buffer[at] != INTEGER || length > Integer.BYTES || id <= 0) {
            throw connection.refuse("The message is malformed: its id is not a number from 1 to 2147483647.");
        }
    }

    private int messageLength(int header) throws IOException {
        long content = header == 2 ? buffer[1] : 0;
        for (int i = 2; i < header; i++) {
            content = content << 8 | buffer[i] & 0xff;
        }
        int limit = connection.maxMessageSize();
        if (header + content > limit) {
            throw connection.refuse("The message has " + (header + content) + " bytes; at most " + limit + " are taken here.");
        }
        return (int) (header + content);
    }

    /** @return how many bytes there are more; -1 at the end of the connection */
    private int takeAhead() throws IOException {
        byte[] bytes;
        try {
            bytes = ahead.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IOException broken ? broken : new IOException(e.getCause());
        }
        ahead = null;
        while (buffer.length - filled < bytes.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        System.arraycopy(bytes, 0, buffer, filled, bytes.length);
        return bytes.length == 0 ? -1 : bytes.length;
    }

    private boolean fill() throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count;
        try {
            connection.awaiting(filled > 0);
            connection.shakeHands();
            count = ahead == null ? source.read(buffer, filled, buffer.length - filled) : takeAhead();
        } catch (IOException e) {
            connection.refuseIfExpired();
            throw e;
        }
        if (count < 0) {
            connection.refuseIfExpired();
            if (filled > 0) {
                throw new EOFException("the connection ended within a message");
            }
            return false;
        }
        filled += count;
        return true;
    }
}
