package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1Element;
import com.unboundid.asn1.ASN1Enumerated;
import com.unboundid.asn1.ASN1Integer;
import com.unboundid.asn1.ASN1Sequence;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;

/** A client that sends any bytes, and understands just enough of the answers to tell what became of them. */
final class RawConnection implements AutoCloseable {

    /** Far above what any answer takes: reaching it means that the server neither answered nor closed. */
    private static final int PATIENCE_MILLIS = 60_000;
    private static final String NOTICE_OF_DISCONNECTION = "1.3.6.1.4.1.1466.20036";
    private static final int MAX_ANSWER = 64 << 20;
    private static final int SEARCH_RESULT_ENTRY = 0x64;
    private static final int SEARCH_RESULT_REFERENCE = 0x73;
    private static final int EXTENDED_RESPONSE = 0x78;
    private static final int RESPONSE_NAME = 0x8a;

    private final Socket socket;
    private final DataInputStream in;

    private RawConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
    }

    static RawConnection plain(int port) throws IOException {
        return new RawConnection(connected(port));
    }

    static RawConnection tls(int port, SSLSocketFactory tls) throws IOException {
        return new RawConnection(secured(connected(port), tls));
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MILLIS);
        return socket;
    }

    private static Socket secured(Socket socket, SSLSocketFactory tls) throws IOException {
        return tls.createSocket(socket, "127.0.0.1", socket.getPort(), true);
    }

    /** This connection after a StartTLS that was answered: the same socket below TLS. */
    RawConnection secured(SSLSocketFactory tls) throws IOException {
        return new RawConnection(secured(socket, tls));
    }

    /** One write. That the server has closed meanwhile is no failure here, as what it said before is still to be read. */
    void send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // told by what is read
        }
    }

    /** For what may not fit into the buffers of both sides while nobody reads. */
    void sendInBackground(byte[] bytes) {
        Thread.ofVirtual().start(() -> send(bytes));
    }

    /** Tells the server that nothing more will come. */
    void endOfRequests() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException closed) {
            // told by what is read
        }
    }

    /** Reads what the server has to say about that message; other answers may come before it. */
    Outcome outcome(int messageId) throws IOException {
        for (Optional<Answer> read = read(); read.isPresent(); read = read()) {
            Answer answer = read.get();
            if (answer.isNoticeOfDisconnection()) {
                return disconnected(answer);
            }
            if (answer.messageId() <= 0) {
                throw new AssertionError("an answer that is no notice has message ID " + answer.messageId());
            }
            if (answer.messageId() == messageId && answer.isFinal()) {
                return new Outcome.Answered(answer.resultCode());
            }
        }
        return new Outcome.Closed();
    }

    /** Reads until the server closes. */
    Outcome ending() throws IOException {
        return outcome(Integer.MIN_VALUE);
    }

    private Outcome disconnected(Answer notice) throws IOException {
        if (read().isPresent()) {
            throw new AssertionError("the server went on after its Notice of Disconnection");
        }
        return new Outcome.Disconnected(notice.resultCode());
    }

    /**
     * The next answer, empty when the server has closed.
     *
     * @throws SocketTimeoutException if the server neither answers nor closes
     */
    Optional<Answer> read() throws IOException {
        int tag;
        try {
            tag = in.read();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException | SSLException reset) {
            return Optional.empty();
        }
        if (tag == -1) {
            return Optional.empty();
        }
        if (tag != HostileBer.SEQUENCE) {
            throw new AssertionError("the server sent something else than LDAP, beginning with " + Integer.toHexString(tag));
        }
        try {
            byte[] contents = new byte[length()];
            in.readFully(contents);
            return Optional.of(Answer.of(contents));
        } catch (EOFException e) {
            throw new AssertionError("the server closed in the middle of an answer", e);
        }
    }

    /** The first byte the server sends, or -1 when it closes instead. */
    int firstByte() throws IOException {
        try {
            return in.read();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException reset) {
            return -1;
        }
    }

    private int length() throws IOException {
        int first = in.readUnsignedByte();
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int octet = 0; octet < (first & 0x7f); octet++) {
                length = length << 8 | in.readUnsignedByte();
            }
        }
        if (length < 0 || length > MAX_ANSWER) {
            throw new AssertionError("the server announced an answer of " + length + " bytes");
        }
        return length;
    }

    /** Makes {@link #close} a reset instead of an orderly end. */
    void resetOnClose() throws IOException {
        socket.setSoLinger(true, 0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * @param resultCode of a final answer, -1 for an entry or a reference
     * @param name the responseName of an extended response, or null
     * @param value the response's value, or null
     */
    record Answer(int messageId, int tag, int resultCode, String name, byte[] value) {

        private static Answer of(byte[] contents) {
            try {
                ASN1Element[] parts = ASN1Sequence.decodeAsSequence(
                        new ASN1Element((byte) HostileBer.SEQUENCE, contents)).elements();
                int messageId = ASN1Integer.decodeAsInteger(parts[0]).intValue();
                int tag = parts[1].getType() & 0xff;
                if (tag == SEARCH_RESULT_ENTRY || tag == SEARCH_RESULT_REFERENCE) {
                    return new Answer(messageId, tag, -1, null, null);
                }
                ASN1Element[] result = ASN1Sequence.decodeAsSequence(parts[1]).elements();
                int resultCode = ASN1Enumerated.decodeAsEnumerated(result[0]).intValue();
                String name = null;
                byte[] value = null;
                for (int i = 3; i < result.length && tag == EXTENDED_RESPONSE; i++) {
                    if ((result[i].getType() & 0xff) == RESPONSE_NAME) {
                        name = result[i].decodeAsOctetString().stringValue();
                    } else {
                        value = result[i].getValue();
                    }
                }
                return new Answer(messageId, tag, resultCode, name, value);
            } catch (Exception e) {
                throw new AssertionError("the server's answer is not LDAP", e);
            }
        }

        boolean isFinal() {
            return resultCode >= 0;
        }

        boolean isNoticeOfDisconnection() {
            return messageId == 0 && NOTICE_OF_DISCONNECTION.equals(name);
        }
    }
}
