package io.gatehouse;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds environment variables that look like settings and are none: a misspelt one would give way to the default without a word. */
final class UnknownVariables {

    private static final String PREFIX = "GATEHOUSE_";
    /** So many letters from a setting, a name is taken for that one. */
    private static final int MISSPELT = 3;

    private UnknownVariables() {
    }

    /**
     * @param variables names of the environment
     * @param known     names of settings
     * @return a sentence about each
     */
    static List<String> complaints(Set<String> variables, Set<String> known) {
        return new TreeSet<>(variables).stream().filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                .map(name -> "There is no setting " + name + "; it does nothing." + nearest(name, known).map(meant -> " Is " + meant + " meant?").orElse(""))
                .toList();
    }

    private static Optional<String> nearest(String name, Set<String> known) {
        return new TreeSet<>(known).stream().filter(candidate -> distance(name, candidate) <= MISSPELT)
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
    }

    /** How many letters must be put in, left out or replaced to make one of the other (Levenshtein). */
    private static int distance(String one, String other) {
        var row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
