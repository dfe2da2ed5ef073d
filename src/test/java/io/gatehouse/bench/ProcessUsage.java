package io.gatehouse.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What proc(5) tells of a process. */
final class ProcessUsage {

    /** USER_HZ, which is 100 on every Linux that Java runs on. */
    private static final long MICROS_PER_TICK = 10_000;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private final Path folder;

    ProcessUsage(long pid) {
        folder = Path.of("/proc", Long.toString(pid));
    }

    /** Processor time so far of all its threads, in user and kernel mode, in microseconds. */
    long cpuMicros() {
        var stat = read("stat");
        // The command's name comes second, in parentheses, and may hold anything.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * MICROS_PER_TICK;
    }

    /** Memory that is resident now, in MiB. */
    long residentMebibytes() {
        return status("VmRSS:");
    }

    /** The most that was ever resident, in MiB. */
    long peakMebibytes() {
        return status("VmHWM:");
    }

    /** Of the operating system. */
    long threads() {
        return number("Threads:");
    }

    private long status(String field) {
        return number(field) / 1024;
    }

    private long number(String field) {
        return read("status").lines().filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }

    private String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
