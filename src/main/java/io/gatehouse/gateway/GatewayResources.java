package io.gatehouse.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** Files that are the same for every site. */
final class GatewayResources {

    private final SortedMap<String, String> files = new TreeMap<>();

    /** @param paths below the folder, with slashes */
    GatewayResources(String folder, String... paths) {
        for (var path : paths) {
            files.put(folder + "/" + path, read(folder + "/" + path));
        }
    }

    /** By their paths, which begin with the folder. */
    SortedMap<String, String> files() {
        return Collections.unmodifiableSortedMap(files);
    }

    private static String read(String path) {
        try (var stream = GatewayResources.class.getResourceAsStream("/gateway/" + path)) {
            if (stream == null) {
                throw new IllegalStateException("no resource gateway/" + path);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
