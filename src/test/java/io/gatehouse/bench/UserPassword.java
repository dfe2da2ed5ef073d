package io.gatehouse.bench;

import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Factory.Argon2Types;
import java.nio.charset.StandardCharsets;

/** A password and its hash with the parameters that Gatehouse uses by default. */
record UserPassword(String text, String phc) {

    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;
    private static final int PARALLELISM = 1;

    static UserPassword hashed(String text) {
        Argon2 argon2 = Argon2Factory.create(Argon2Types.ARGON2id);
        return new UserPassword(text, argon2.hash(ITERATIONS, MEMORY_KIB, PARALLELISM, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** As slapd's argon2 module takes it. */
    String slapdValue() {
        return "{ARGON2}" + phc;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "UserPassword[" + phc + "]";
    }
}
