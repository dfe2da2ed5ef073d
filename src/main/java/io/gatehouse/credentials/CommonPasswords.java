package io.gatehouse.credentials;

import com.nulabinc.zxcvbn.StandardDictionaries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;

/** The 30,000 most common passwords, in lower case, as zxcvbn ships them. */
final class CommonPasswords {

    private CommonPasswords() {
    }

    /**
     * Whether a password is common, or a common one with digits and punctuation put around it to make it long enough
     * ({@code Password2024!}). That is so when, after lower-casing it and taking any number of characters that are no letters
     * from its beginning and its end, what remains is a common password and still at least half of the whole. Words within a
     * longer phrase do no harm: letters are never taken away.
     */
    static boolean isCommon(String password) {
        var lower = password.toLowerCase(Locale.ROOT);
        // Also keeps the search below short, whatever the password's length.
        if (lower.length() > 2 * Loaded.LONGEST) {
            return false;
        }
        for (int start = 0; start < lower.length(); start++) {
            for (int end = lower.length(); 2 * (end - start) >= lower.length(); end--) {
                if (Loaded.WORDS.contains(lower.substring(start, end))) {
                    return true;
                }
                if (Character.isLetter(lower.charAt(end - 1))) {
                    break;
                }
            }
            if (Character.isLetter(lower.charAt(start))) {
                break;
            }
        }
        return false;
    }

    /** Read at the first use. */
    private static final class Loaded {

        static final Set<String> WORDS = read();
        static final int LONGEST = WORDS.stream().mapToInt(String::length).max().orElseThrow();

        private static Set<String> read() {
            try {
                return Set.copyOf(StandardDictionaries.PASSWORDS_LOADER.load().getFrequencies());
            } catch (IOException e) {
                throw new UncheckedIOException("The list of common passwords cannot be read", e);
            }
        }
    }
}
