package io.gatehouse.credentials;

import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A bcrypt hash, {@code $2b$COST$} with 22 characters of salt and 31 of hash; {@code $2a$} and {@code $2y$} mean the same. Only the
 * first 72 bytes of a password count, as everywhere.
 */
record BcryptHash(String text) implements PasswordHash {

    private static final String NAME = "bcrypt";
    private static final int MIN_COST = 4;
    private static final int MAX_COST = 15;

    // The last characters of salt and hash hold two and four bits; an encoder leaves the others at zero.
    private static final Pattern FORM = Pattern.compile(
            "\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]");

    /** @return nothing if it is of another form */
    static Optional<BcryptHash> parse(String text) throws HashRefused {
        if (!text.startsWith("$2a$") && !text.startsWith("$2b$") && !text.startsWith("$2y$")) {
            return Optional.empty();
        }
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw HashRefused.damaged(NAME, "it is not 60 characters, with a cost of two digits, 22 characters of salt and 31 of hash.");
        }
        int cost = Integer.parseInt(match.group(1));
        if (cost < MIN_COST) {
            throw HashRefused.damaged(NAME, "its cost is below " + MIN_COST + ".");
        }
        if (cost > MAX_COST) {
            throw HashRefused.tooCostly(NAME, "a cost of " + MAX_COST);
        }
        return Optional.of(new BcryptHash(text));
    }

    @Override
    public boolean verify(byte[] password) {
        return OpenBSDBCrypt.checkPassword(text, password);
    }

    @Override
    public int memoryKib() {
        return 4;
    }

    @Override
    public String toString() {
        return "BcryptHash[]";
    }
}
