package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script alone. Its JDK and its Maven are scripts, too, that tell how they were called. */
class LauncherScriptTest {

    /** Longer ago than the build that a test makes. */
    private static final Instant LONG_AGO = Instant.now().minus(1, ChronoUnit.HOURS);

    @TempDir
    private Path folder;
    private Path project;
    private Path caller;
    private Path jdk;

    @BeforeEach
    void aProjectThatWasNeverBuilt() throws IOException {
        project = Files.createDirectories(folder.resolve("the project"));
        caller = Files.createDirectories(folder.resolve("elsewhere"));
        jdk = jdk("jdk of the test", "25.0.1");
        executable(script(), Files.readString(Path.of("gatehouse")));
        for (var source : List.of("pom.xml", "src/main/java/Server.java", "ldap-schema/core.ldif")) {
            Files.createDirectories(project.resolve(source).getParent());
            Files.writeString(project.resolve(source), "x");
        }
        maven("mkdir -p target/lib target/classes && touch target/gatehouse.jar target/classes/Server.class");
        age(project);
    }

    @Test
    void buildsAndStartsTheServer() {
        var outcome = gatehouse("run", "--demo");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("java of jdk of the test", "argument -jar", "argument " + real(project) + "/target/gatehouse.jar",
                "argument -Dgatehouse.home=" + real(project), "argument --demo");
        assertThat(builds()).containsExactly("-B -Dmaven.test.skip=true package");
        assertThat(outcome.err()).isNotEmpty().allMatch(line -> line.startsWith("gatehouse: building"));
    }

    @Test
    void buildsNothingWhenNothingIsStale() {
        gatehouse("run");

        var outcome = gatehouse("run");

        assertThat(outcome.err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void buildsAgainAfterASourceHasChanged() throws IOException {
        for (var changed : List.of("pom.xml", "src/main/java/Server.java", "ldap-schema/core.ldif")) {
            freshlyBuilt();

            Files.writeString(project.resolve(changed), "y");
            gatehouse("run");

            assertThat(builds()).as(changed).hasSize(1);
        }
    }

    @Test
    void buildsAgainAfterASourceWasDeleted() throws IOException {
        freshlyBuilt();

        Files.delete(project.resolve("src/main/java/Server.java"));
        gatehouse("run");

        assertThat(builds()).hasSize(1);
    }

    @Test
    void buildsAgainWhatIsMissing() throws IOException {
        for (var missing : List.of("target/gatehouse.jar", "target/lib")) {
            freshlyBuilt();

            Files.delete(project.resolve(missing));
            gatehouse("run");

            assertThat(builds()).as(missing).hasSize(1);
        }
    }

    @Test
    void keepsNoClassesOfABuildThatWasKilled() throws IOException {
        maven("echo half > target/classes/Half.class; kill -9 $PPID $$");
        Files.createDirectories(project.resolve("target/classes"));
        assertThat(gatehouse("run").exitCode()).isNotZero();
        assertThat(project.resolve("target/classes/Half.class")).exists();

        maven("mkdir -p target/lib target/classes && touch target/gatehouse.jar");
        var outcome = gatehouse("run");

        assertThat(outcome.out()).contains("java of jdk of the test");
        assertThat(project.resolve("target/classes/Half.class")).doesNotExist();
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        maven("mkdir -p target/lib && touch target/gatehouse.jar && while [ ! -e go ]; do sleep 0.1; done");
        var first = command(script(), "run").start();
        assertThat(first.errorReader().readLine()).contains("building");

        var second = command(script(), "run").start();
        assertThat(second.errorReader().readLine()).contains("waiting");
        Files.writeString(project.resolve("go"), "");

        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void tellsWhyABuildFailed() {
        maven("echo '[INFO] noise'; echo '[ERROR] Server.java:[1,2] no such thing'; exit 1");

        var outcome = gatehouse("run");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("[ERROR] Server.java:[1,2] no such thing").doesNotContain("[INFO] noise");
        assertThat(outcome.err().getLast()).startsWith("gatehouse: The build failed").contains("target/build.log");
    }

    @Test
    void startsTheServerWhereItIsCalled() throws IOException {
        Files.createSymbolicLink(folder.resolve("link"), Path.of("the project/gatehouse"));
        Files.createSymbolicLink(folder.resolve("link to the link"), Path.of("link"));

        var outcome = Outcome.of(command(folder.resolve("link to the link"), "run"));

        assertThat(outcome.out()).contains("called in " + real(caller), "argument -Dgatehouse.home=" + real(project));
    }

    @Test
    void handsJavaOptionsOver() {
        var command = command(script(), "run");
        command.environment().put("GATEHOUSE_JAVA_OPTS", "-Xmx1g -Dx=y");

        assertThat(Outcome.of(command).out()).contains("argument -Xmx1g", "argument -Dx=y");
    }

    @Test
    void handsMavenArgumentsOver() {
        var outcome = gatehouse("test", "-Dit.test=LauncherIT", "-Dx=a b");

        assertThat(outcome.exitCode()).isZero();
        assertThat(builds()).containsExactly("-B -ntp verify -Dit.test=LauncherIT -Dx=a b");
    }

    @Test
    void theResultOfTheTestsIsItsOwn() {
        maven("exit 7");

        assertThat(gatehouse("test").exitCode()).isEqualTo(7);
    }

    @Test
    void namesItsCommands() {
        assertThat(gatehouse().out()).isEqualTo(gatehouse("help").out()).anyMatch(line -> line.strip().startsWith("run"));
        var unknown = gatehouse("start");
        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.err()).singleElement().asString().contains("'start'").contains("help");
    }

    @Test
    void passesOverAJdkThatIsTooOld() throws IOException {
        var command = command(script(), "run");
        command.environment().put("JAVA_HOME", jdk("old one", "17.0.2").toString());
        command.environment().put("PATH", linkTo(jdk) + ":" + System.getenv("PATH"));

        assertThat(Outcome.of(command).out()).contains("java of jdk of the test");
    }

    @Test
    void takesANewerJdk() throws IOException {
        var command = command(script(), "run");
        command.environment().put("JAVA_HOME", jdk("early access", "27-ea").toString());

        assertThat(Outcome.of(command).out()).contains("java of early access");
    }

    @Test
    void asksForAJdkWhenAllAreTooOld() throws IOException {
        var old = jdk("old one", "17.0.2");

        var outcome = withoutOtherJdks(old);

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).singleElement().asString()
                .contains("JDK 25", "is 17, in " + old, "JAVA_HOME");
    }

    @Test
    void asksForAJdkWhenThereIsNone() throws IOException {
        var outcome = withoutOtherJdks(folder.resolve("nothing"));

        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.err()).singleElement().asString().contains("JDK 25", "none was found", "JAVA_HOME");
    }

    /** Hides this machine's own JDKs. */
    private Outcome withoutOtherJdks(Path javaHome) throws IOException {
        Tools.require("unshare", "util-linux");
        Tools.require(Outcome.of(new ProcessBuilder("unshare", "--map-root-user", "--mount", "true")).exitCode() == 0,
                "mount namespaces cannot be made here (unshare --map-root-user --mount)");
        var hiding = """
                for place in /usr/lib/jvm /usr/lib64/jvm /usr/java /opt; do
                    [ ! -d "$place" ] || mount -t tmpfs none "$place"
                done
                exec "$0" run
                """;
        var tools = Files.createDirectories(folder.resolve("tools"));
        for (var tool : List.of("dirname", "basename", "readlink", "sed", "mount")) {
            executable(tools.resolve(tool), "#!/bin/sh\nexec " + which(tool) + " \"$@\"\n");
        }
        var command = command(which("unshare"), "--map-root-user", "--mount", "/bin/sh", "-c", hiding, script().toString());
        command.environment().putAll(Map.of("JAVA_HOME", javaHome.toString(), "HOME", caller.toString(), "PATH", tools.toString()));
        return Outcome.of(command);
    }

    private Path script() {
        return project.resolve("gatehouse");
    }

    private Outcome gatehouse(String... arguments) {
        return Outcome.of(command(script(), arguments));
    }

    private ProcessBuilder command(Path program, String... arguments) {
        var builder = new ProcessBuilder(Stream.concat(Stream.of(program.toString()), Stream.of(arguments)).toList());
        builder.directory(caller.toFile());
        builder.environment().remove("GATEHOUSE_JAVA_OPTS");
        builder.environment().put("JAVA_HOME", jdk.toString());
        return builder;
    }

    private void freshlyBuilt() throws IOException {
        age(project);
        gatehouse("run");
        Files.deleteIfExists(project.resolve("builds"));
    }

    /** How Maven was called. */
    private List<String> builds() {
        try {
            var builds = project.resolve("builds");
            return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void maven(String script) {
        executable(project.resolve("mvnw"), "#!/bin/sh\necho \"$*\" >> builds\n" + script + "\n");
    }

    private Path jdk(String name, String version) throws IOException {
        var home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        executable(home.resolve("bin/java"), """
                #!/bin/sh
                echo "java of %s"
                echo "called in $(pwd -P)"
                printf 'argument %%s\\n' "$@"
                """.formatted(name));
        return home;
    }

    private Path linkTo(Path home) throws IOException {
        var bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("javac"), home.resolve("bin/javac"));
        return bin;
    }

    private static Path which(String tool) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin").map(place -> Path.of(place, tool))
                .filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private static void executable(Path file, String content) {
        try {
            Files.writeString(file, content);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void age(Path tree) throws IOException {
        try (var files = Files.walk(tree)) {
            for (var file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(LONG_AGO));
            }
        }
    }

    private static String real(Path path) {
        try {
            return path.toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
