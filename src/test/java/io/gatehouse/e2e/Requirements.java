package io.gatehouse.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the machine must have for containers to be started on it. */
final class Requirements {

    private static final Map<String, String> PACKAGE_OF = new TreeMap<>(Map.of(
            "mmdebstrap", "mmdebstrap",
            "ip", "iproute2",
            "unshare", "util-linux",
            "nsenter", "util-linux",
            "curl", "curl"));

    private Requirements() {
    }

    /** @return what is missing, each with what to do about it; empty if nothing is */
    static List<String> missing() {
        var missing = new ArrayList<String>();
        if (!System.getProperty("user.name").equals("root")) {
            missing.add("must be run by root");
        }
        PACKAGE_OF.forEach((command, debianPackage) -> {
            if (!onPath(command)) {
                missing.add("no command " + command + " (Debian package " + debianPackage + ")");
            }
        });
        if (missing.isEmpty() && !Outcome.of("unshare", "--mount", "--net", "--pid", "--fork", "true").succeeded()) {
            missing.add("mount, network and PID namespaces cannot be made here");
        }
        return missing;
    }

    private static boolean onPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
