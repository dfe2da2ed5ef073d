package io.gatehouse.bench;

import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures how long it takes until LDAP shows a member of a group that a thousand others are around. */
final class NestingBench {

    private static final int GROUPS = 1_000;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 60;

    private enum Shape {

        FLAT("no other group", "flat"),
        TREE("a leaf of a tree of 1,000", "tree" + GROUPS),
        CHAIN("the lowest of a chain of 1,000", "chain" + GROUPS);

        private final String title;
        private final String group;

        Shape(String title, String group) {
            this.title = title;
            this.group = group;
        }
    }

    /** @param statement how much of the whole the database took for the statement, with all that follows from it */
    private record Took(double whole, double statement) {
    }

    private final Map<Shape, List<Took>> took = new EnumMap<>(Shape.class);

    void run() {
        try (var server = GatehouseServer.start()) {
            var rows = new DirectoryRows(server);
            rows.write(handle -> {
                rows.insertGroup(handle, Shape.FLAT.group);
                rows.insertPerson(handle, "alice");
                for (var shape : List.of("chain", "tree")) {
                    handle.execute("insert into groups (cn) select ? || i from generate_series(1, ?) i", shape, GROUPS);
                    handle.execute("""
                            insert into group_nestings (gid_number, member_gid_number) select o.gid_number, i.gid_number from generate_series(2, ?) n
                            join groups o on o.cn = ? || %s join groups i on i.cn = ? || n""".formatted(shape.equals("chain") ? "n - 1" : "n / 2"),
                            GROUPS, shape, shape);
                }
            });
            for (int round = -WARM_UP; round < ROUNDS; round++) {
                for (var shape : Shape.values()) {
                    var added = timed(rows, "insert into memberships select u.uid_number, g.gid_number from users u, groups g where username = 'alice' and g.cn = ?", shape);
                    timed(rows, "delete from memberships where gid_number = (select gid_number from groups where cn = ?)", shape);
                    if (round >= 0) {
                        took.computeIfAbsent(shape, key -> new ArrayList<>()).add(added);
                    }
                }
            }
        }
        System.out.print(report());
    }

    private static Took timed(DirectoryRows rows, String statement, Shape shape) {
        var end = new long[1];
        long start = System.nanoTime();
        rows.write(handle -> {
            handle.execute(statement, shape.group);
            end[0] = System.nanoTime();
        });
        return new Took((System.nanoTime() - start) / 1e6, (end[0] - start) / 1e6);
    }

    private String report() {
        var text = new StringBuilder(String.format(Locale.ROOT, "%nMilliseconds until LDAP shows a new member, and how much of it the statement took in the database;"
                + " %d times each, in turns.%n%n%-32s %8s %8s %8s %10s%n", ROUNDS, "around the group", "p50", "p95", "database", "/ flat"));
        for (var shape : Shape.values()) {
            text.append(String.format(Locale.ROOT, "%-32s %8.1f %8.1f %8.1f %10.1f%n", shape.title, at(shape, 0.5), at(shape, 0.95),
                    took.get(shape).stream().mapToDouble(Took::statement).sorted().skip(ROUNDS / 2).findFirst().orElseThrow(), at(shape, 0.5) / at(Shape.FLAT, 0.5)));
        }
        return text.toString();
    }

    private double at(Shape shape, double share) {
        return took.get(shape).stream().mapToDouble(Took::whole).sorted().skip((long) (share * ROUNDS)).findFirst().orElseThrow();
    }
}
