package io.gatehouse.credentials;

import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Factory.Argon2Types;

/** The reference implementation, loaded at the first computation. */
final class NativeArgon2 {

    static final Argon2 ARGON2D = of(Argon2Types.ARGON2d);
    static final Argon2 ARGON2I = of(Argon2Types.ARGON2i);
    static final Argon2 ARGON2ID = of(Argon2Types.ARGON2id);

    private NativeArgon2() {
    }

    private static Argon2 of(Argon2Types type) {
        return Argon2Factory.create(type, Argon2Hash.SALT_BYTES, Argon2Hash.HASH_BYTES);
    }
}
