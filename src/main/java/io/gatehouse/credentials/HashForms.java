package io.gatehouse.credentials;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises a password hash's form by its shape. */
final class HashForms {

    /** Reads one form: nothing if the text is of another one. */
    private interface Form {

        Optional<? extends PasswordHash> parse(String text) throws HashRefused;
    }

    private record NotTaken(Pattern shape, String name) {

        NotTaken(String shape, String name) {
            this(Pattern.compile(shape, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), name);
        }
    }

    private static final int MAX_LENGTH = 1024;

    private static final List<Form> CRYPT = List.of(CryptHash::parse, BcryptHash::parse);
    private static final List<Form> ARGON2 = List.of(Argon2Hash::parse);
    private static final List<Form> ALL =
            List.of(Argon2Hash::parse, BcryptHash::parse, ScryptHash::parse, Pbkdf2Hash::parse, CryptHash::parse, ShaHash::parse);

    /** Forms that are met in the wild; their names are told because any part of another text may be a secret. */
    private static final List<NotTaken> NOT_TAKEN = List.of(
            new NotTaken("(\\{CRYPT})?[!*].*", "a locked password of /etc/shadow, which has no hash to check"),
            new NotTaken("(\\{CRYPT})?\\$g?y\\$.*", "yescrypt ($y$, $gy$)"),
            new NotTaken("(\\{CRYPT})?\\$7\\$.*", "the scrypt of crypt(3) ($7$)"),
            new NotTaken("(\\{CRYPT})?\\$2x?\\$.*", "bcrypt of before 2011 ($2$, $2x$), which was made with a flaw"),
            new NotTaken("(\\{CRYPT})?\\$sha1\\$.*", "the SHA-1 crypt of NetBSD ($sha1$)"),
            new NotTaken("(\\{CRYPT})?\\$apr1\\$.*", "the MD5 crypt of Apache ($apr1$)"),
            new NotTaken("(\\{CRYPT})?\\$3\\$.*", "the NT hash ($3$)"),
            new NotTaken("(\\{CRYPT})?([./0-9A-Z]{13}|_[./0-9A-Z]{19})", "the DES crypt of old Unix, which is too weak"),
            new NotTaken("\\{S?MD5}.*", "MD5 ({MD5}, {SMD5}), which is too weak"),
            new NotTaken("\\{PBKDF2_SHA256}.*", "the binary PBKDF2 of 389 Directory Server ({PBKDF2_SHA256})"),
            new NotTaken("\\{(CLEARTEXT|CLEAR|PLAIN)}.*", "clear text, which is no hash"),
            new NotTaken("\\{SASL}.*", "a reference to another login service ({SASL})"),
            new NotTaken("bcrypt_sha256\\$.*", "the bcrypt of Django (bcrypt_sha256$)"),
            new NotTaken("\\$bcrypt-sha256\\$.*", "the bcrypt of Passlib ($bcrypt-sha256$)"));

    private static final String TAKEN = "argon2, bcrypt ($2a$, $2b$, $2y$), scrypt, PBKDF2, {SSHA}, {SSHA256}, {SSHA384}, {SSHA512},"
            + " and crypt's $1$, $5$ and $6$";

    private HashForms() {
    }

    static PasswordHash parse(String text) throws HashRefused {
        if (text.length() > MAX_LENGTH) {
            throw HashRefused.unknown("This is too long for a password hash: more than " + MAX_LENGTH + " characters.");
        }
        var untagged = withoutTag("{CRYPT}", text);
        if (untagged.isPresent()) {
            return first(CRYPT, untagged.get(), text);
        }
        untagged = withoutTag("{ARGON2}", text);
        return untagged.isPresent() ? first(ARGON2, untagged.get(), text) : first(ALL, text, text);
    }

    private static PasswordHash first(List<Form> forms, String hash, String whole) throws HashRefused {
        for (var form : forms) {
            var parsed = form.parse(hash);
            if (parsed.isPresent()) {
                return parsed.get();
            }
        }
        throw HashRefused.unknown(NOT_TAKEN.stream().filter(known -> known.shape().matcher(whole).matches()).findFirst()
                .map(known -> "This is " + known.name() + ". Taken are " + TAKEN + ".")
                .orElse("This is no password hash of a known form. Taken are " + TAKEN + "."));
    }

    /** Tags of RFC 2307 are the same in upper and lower case. */
    private static Optional<String> withoutTag(String tag, String text) {
        return text.toUpperCase(Locale.ROOT).startsWith(tag) ? Optional.of(text.substring(tag.length())) : Optional.empty();
    }
}
