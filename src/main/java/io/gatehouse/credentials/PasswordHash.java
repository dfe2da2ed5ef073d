package io.gatehouse.credentials;

import io.gatehouse.platform.Problem;

/**
 * A password hash of any form that can be checked, recognised by its shape: those that Gatehouse makes, and those that came with
 * people from another system. Each form has limits to what its check may cost, some two seconds of a core and 256 MiB, so that
 * nobody can take a server down with a hash.
 *
 * <p>Compares in constant time. {@code toString} tells the form, not the hash.
 */
public sealed interface PasswordHash permits Argon2Hash, BcryptHash, CryptHash, Pbkdf2Hash, ScryptHash, ShaHash {

    /**
     * @throws Problem about {@code passwordHash}, if the form is not known, the hash is damaged, or it costs too much to check;
     *                 names the form, and nothing of the hash
     */
    static PasswordHash parse(String text) {
        try {
            return HashForms.parse(text);
        } catch (HashRefused e) {
            throw Problem.invalidSecret("passwordHash", e.getMessage());
        }
    }

    /**
     * Takes as long as the hash's maker wanted, on the calling thread.
     *
     * @param password in UTF-8, without NUL, of which most forms cannot tell how many follow; neither changed nor kept
     */
    boolean verify(byte[] password);

    /** What a check takes beside the password, in KiB; 0 if next to nothing. */
    int memoryKib();
}
