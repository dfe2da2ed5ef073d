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

/** An SMTP server that answers as a test wants it to. */
final class ScriptedSmtp implements AutoCloseable {

    private final ServerSocket socket;
    private final UnaryOperator<String> answers;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    /** @param answers to a line of a client, or to a whole message; null for the usual one */
    ScriptedSmtp(UnaryOperator<String> answers) throws IOException {
        this.answers = answers;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "smtp://127.0.0.1:" + socket.getLocalPort() + "?starttls=never";
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
        try (client; var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            say(client, "220 ready");
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
        } catch (IOException | UncheckedIOException e) {
            // The client is gone.
        }
    }

    private void answer(Socket client, String line, String usual) {
        var wanted = answers.apply(line);
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
