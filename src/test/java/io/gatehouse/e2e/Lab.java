package io.gatehouse.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A private network with two Gatehouse nodes on one PostgreSQL and a workstation to log in from. Test classes add the containers
 * that people log in to. All of it is gone when this JVM is, however it ends: {@code src/e2e/lab} sees to that.
 */
final class Lab implements AutoCloseable {

    /** Some hundred packages are fetched and unpacked. */
    private static final Duration BUILDING = Duration.ofMinutes(15);
    private static final Path HARNESS = Path.of("src/e2e").toAbsolutePath();

    private final Path directory;
    private final Path root;
    private final Process holder;
    private final Map<String, Container> containers = new LinkedHashMap<>();
    private SharedPostgres database;
    private Node first;
    private Node second;
    private Container workstation;

    private Lab(Path directory, Path root, Process holder) {
        this.directory = directory;
        this.root = root;
        this.holder = holder;
    }

    static Lab start() {
        var builder = new ProcessBuilder(HARNESS.resolve("build-root").toString());
        var root = Path.of(Outcome.of(builder, "", BUILDING).orFail().out().strip());
        try {
            var directory = Files.createTempDirectory("gatehouse-e2e-" + ProcessHandle.current().pid() + "-");
            var holder = new ProcessBuilder(HARNESS.resolve("lab").toString(), directory.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            var lab = new Lab(directory, root, holder);
            try {
                lab.furnish(holder.inputReader(StandardCharsets.UTF_8));
                return lab;
            } catch (RuntimeException | IOException e) {
                lab.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void furnish(BufferedReader ofHolder) throws IOException {
        if (!"ready".equals(ofHolder.readLine())) {
            throw new IllegalStateException("The network could not be made; its script told why on standard error.");
        }
        database = new SharedPostgres(inNetwork(), directory.resolve("postgres"));
        database.start();
        first = new Node(this, "ldap1.gatehouse.test", 0, database.jdbcUrl());
        second = new Node(this, "ldap2.gatehouse.test", 1000, database.jdbcUrl());
        startNodes();
        workstation = start("workstation", HARNESS.resolve("client/workstation"));
    }

    /** Both nodes; those that run already are left alone. */
    void startNodes() {
        first.launch();
        second.launch();
        first.awaitReady();
        second.awaitReady();
    }

    SharedPostgres database() {
        return database;
    }

    Node first() {
        return first;
    }

    Node second() {
        return second;
    }

    /** Of a node that runs. */
    Api api() {
        return first.runs() ? first.api() : second.api();
    }

    Container workstation() {
        return workstation;
    }

    Path directory() {
        return directory;
    }

    /** A file or folder of {@code src/e2e}. */
    Path harness(String path) {
        return HARNESS.resolve(path);
    }

    /** @param configuration folders whose files are laid over the client root, in this order */
    Container start(String name, Path... configuration) {
        harness("start", name, Stream.of(configuration).map(Path::toString).toArray(String[]::new)).orFail();
        var container = new Container(this, name);
        containers.put(name, container);
        return container;
    }

    void stop(Container container) {
        containers.remove(container.name());
        harness("stop", container.name()).orFail();
    }

    ProcessBuilder containerCommand(String verb, String name, String... arguments) {
        var command = Stream.concat(
                Stream.of(HARNESS.resolve("container").toString(), verb, directory.toString(), name), Stream.of(arguments));
        var builder = new ProcessBuilder(command.toList());
        builder.environment().put("GATEHOUSE_E2E_ROOT", root.toString());
        return builder;
    }

    /** The beginning of a command that runs where the nodes are. */
    List<String> inNetwork() {
        return List.of("nsenter", "--net=/run/netns/" + directory.getFileName() + "-bridge", "--");
    }

    /** The beginning of a command that runs in the network of a container, with the files of this machine. */
    List<String> inNetworkOf(Container container) {
        return List.of("nsenter", "--net=/run/netns/" + directory.getFileName() + "-" + container.name(), "--");
    }

    String logs() {
        return Stream.of(
                Stream.of(first, second).map(Node::log),
                containers.values().stream().filter(container -> container != workstation).map(Container::log))
                .flatMap(logs -> logs)
                .collect(Collectors.joining("\n"));
    }

    private Outcome harness(String verb, String name, String... arguments) {
        return Outcome.of(containerCommand(verb, name, arguments), "");
    }

    @Override
    public void close() {
        try {
            holder.getOutputStream().close();
            holder.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
