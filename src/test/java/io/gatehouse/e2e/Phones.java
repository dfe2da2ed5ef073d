package io.gatehouse.e2e;

import io.gatehouse.testing.ApprovalService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The phones of the lab's people, with the approval service that makes them ring: a process in the lab's network, which is told on
 * standard input whose phone is looked at next and what is tapped, and tells on standard output how often it has rung.
 */
final class Phones implements AutoCloseable {

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;
    private final String url;

    private Phones(Process process) {
        this.process = process;
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        url = read();
    }

    static Phones start(List<String> inNetwork) {
        var command = Stream.concat(inNetwork.stream(), Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Phones.class.getName()));
        try {
            return new Phones(new ProcessBuilder(command.toList()).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the approval service, in the lab's network. */
    String url() {
        return url;
    }

    /** Waits until this person's phone rings; then it can be told what to do. */
    void awaitPrompt(String username) {
        commands.println("next " + username);
        var answer = read();
        if (!username.equals(answer)) {
            throw new IllegalStateException("No phone of " + username + " has rung: " + answer);
        }
    }

    /** Of the prompt that was awaited last. */
    void approve() {
        commands.println("approve");
    }

    /** Of the prompt that was awaited last. */
    void reject() {
        commands.println("reject");
    }

    /** How often this person was asked. */
    int count(String username) {
        commands.println("count " + username);
        return Integer.parseInt(read());
    }

    private String read() {
        try {
            return answers.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    public static void main(String[] arguments) throws IOException {
        try (var service = ApprovalService.start(); var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(service.url());
            ApprovalService.Prompt prompt = null;
            for (var line = commands.readLine(); line != null; line = commands.readLine()) {
                var words = line.split(" ");
                switch (words[0]) {
                    case "next" -> {
                        prompt = service.next(words[1]);
                        System.out.println(prompt.username());
                    }
                    case "approve" -> prompt.approve();
                    case "reject" -> prompt.reject();
                    case "count" -> System.out.println(service.count(words[1]));
                    default -> throw new IllegalArgumentException(line);
                }
            }
        }
    }
}
