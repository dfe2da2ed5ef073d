package io.gatehouse.ldap;

import io.gatehouse.directory.BerWriter;
import java.io.IOException;
import java.io.OutputStream;

/** The responses of one connection: search entries are held back until the result goes out, or there are many. */
final class ResponseStream extends OutputStream {

    private static final int FLUSH_BYTES = 64 * 1024;

    private final LdapConnection connection;
    private final BerWriter held = new BerWriter(2 * 1024);
    private OutputStream sink;

    ResponseStream(LdapConnection connection, OutputStream sink) {
        this.connection = connection;
        this.sink = sink;
    }

    void replaceSink(OutputStream next) {
        sink = next;
    }

    /** Where to append whole messages that need not go out at once; call {@link #afterAppend()} behind each. */
    BerWriter held() {
        return held;
    }

    void afterAppend() throws IOException {
        if (held.length() >= FLUSH_BYTES) {
            send();
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        held.raw(bytes, offset, length);
        send();
        connection.responseSent();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }

    private void send() throws IOException {
        connection.sending();
        sink.write(held.buffer(), 0, held.length());
        held.clear();
        connection.working();
    }
}
