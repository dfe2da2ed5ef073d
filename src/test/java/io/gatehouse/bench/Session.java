package io.gatehouse.bench;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** One connection and its script. */
final class Session implements Closeable {

    private final Contender contender;
    private final Scenario scenario;
    private final Script script;
    private final Selector selector;
    private final Answer answer = new Answer();
    private Transport transport;

    Session(Contender contender, Scenario scenario, Script script, Selector selector) {
        this.contender = contender;
        this.scenario = scenario;
        this.script = script;
        this.selector = selector;
    }

    /** Connects and binds, unless that is part of the operation. */
    void open() throws IOException {
        if (!scenario.isReconnecting()) {
            connect();
            transport.send(RequestTemplate.bind(contender.reader()));
            do {
                receive();
            } while (!answer.isComplete());
            register();
        }
    }

    void begin() throws IOException {
        if (scenario.isReconnecting()) {
            connect();
            register();
        }
        send();
    }

    /** @return operations completed by what has arrived */
    int proceed() throws IOException {
        receive();
        if (!answer.isComplete()) {
            return 0;
        }
        int completed = script.answered(answer);
        if (!script.isBetweenOperations()) {
            send();
        } else if (scenario.isReconnecting()) {
            transport.send(RequestTemplate.unbind());
            close();
        }
        return completed;
    }

    boolean isBetweenOperations() {
        return script.isBetweenOperations();
    }

    private void send() throws IOException {
        answer.reset();
        transport.send(script.next());
    }

    private void receive() throws IOException {
        if (transport.receive(answer.buffer()) < 0) {
            throw new EOFException("The server closed the connection");
        }
    }

    private void connect() throws IOException {
        transport = scenario.isSecure()
                ? SecureTransport.handshake(Transport.connect(contender.ldapsPort()))
                : new Transport.Plain(Transport.connect(contender.ldapPort()));
    }

    private void register() throws IOException {
        transport.channel().configureBlocking(false);
        transport.channel().register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public void close() throws IOException {
        if (transport != null) {
            transport.channel().close();
        }
    }
}
