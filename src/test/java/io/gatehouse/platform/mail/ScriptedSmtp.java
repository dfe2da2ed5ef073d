package io.gatehouse.platform.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An SMTP server that answers as a test wants it to; one with a certificate offers STARTTLS, and takes no mail without. */
final class ScriptedSmtp implements AutoCloseable {

    /** An answer that is none: the connection is reset. */
    static final String RESET = "";

    private final ServerSocket socket;
    private final SSLContext tls;
    private final UnaryOperator<String> answers;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    /** @param answers to a line of a client, or to a whole message; null for the usual one */
    ScriptedSmtp(UnaryOperator<String> answers) throws IOException {
        this(null, answers);
    }

    /** @param tls null for none */
    ScriptedSmtp(SSLContext tls, UnaryOperator<String> answers) throws IOException {
        this.tls = tls;
        this.answers = answers;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "smtp://127.0.0.1:" + port() + "?starttls=never";
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Those that it was sent, whether it took them or not. */
    List<String> messages() {
        return messages;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            say(client, "220 ready");
            if (tls == null) {
                converse(client);
            } else if (wantsTls(client)) {
                try (var secure = (SSLSocket) tls.getSocketFactory().createSocket(client, null, client.getPort(), true)) {
                    secure.setUseClientMode(false);
                    converse(secure);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The client is gone.
        }
    }

    /** @return whether the client has said STARTTLS, the last thing it says in the clear */
    private boolean wantsTls(Socket client) throws IOException {
        var in = reader(client);
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var verb = line.toUpperCase(Locale.ROOT);
            if (verb.equals("STARTTLS")) {
                say(client, "220 go on");
                return true;
            }
            say(client, verb.startsWith("EHLO") ? "250-fine\r\n250 STARTTLS" : "530 5.7.0 Must issue a STARTTLS command first");
        }
        return false;
    }

    private void converse(Socket client) throws IOException {
        var in = reader(client);
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            var verb = line.toUpperCase(Locale.ROOT);
            if (verb.equals("DATA")) {
                say(client, "354 go on");
                var message = new StringBuilder();
                for (var part = in.readLine(); part != null && !part.equals("."); part = in.readLine()) {
                    message.append(part).append('\n');
                }
                messages.add(message.toString());
                answer(client, message.toString(), "250 taken");
            } else {
                answer(client, line, verb.equals("QUIT") ? "221 bye" : "250 fine");
            }
        }
    }

    private static BufferedReader reader(Socket client) throws IOException {
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    private void answer(Socket client, String line, String usual) throws IOException {
        var wanted = answers.apply(line);
        if (RESET.equals(wanted)) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        say(client, wanted == null ? usual : wanted);
    }

    private static void say(Socket client, String text) {
        try {
            client.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
