package io.gatehouse.credentials;

import io.gatehouse.platform.Problem;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A user's SSH public key, as OpenSSH's {@code authorized_keys} has it. {@link #parse} checks it; the constructor, for keys that
 * were stored after that, does not.
 *
 * @param type        such as {@code ssh-ed25519}
 * @param key         the public key blob (RFC 4253 section 6.6) in Base64
 * @param comment     may be empty
 * @param fingerprint {@code SHA256:} and the blob's hash in Base64 without padding, as {@code ssh-keygen -l} prints it
 */
public record SshPublicKey(String type, String key, String comment, String fingerprint) {

    private static final String FIELD = "publicKey";
    private static final int MAX_COMMENT = 255;
    /** The longest line that can be right: an RSA key of 16384 bits and a comment are below 4000 characters. */
    private static final int MAX_LINE = 8192;
    private static final int VALUE_SHOWN = 200;

    private static final Pattern BLANKS = Pattern.compile("[ \t]+");
    /** PEM of all kinds, PuTTY's format, and the magic bytes {@code openssh-key-v1} in Base64. */
    private static final Pattern PRIVATE = Pattern.compile("PRIVATE KEY-|^\\s*PuTTY-User-Key-File|b3BlbnNzaC1rZXktdjE");
    private static final Pattern OTHER_FORMAT = Pattern.compile("^\\s*-----? ?BEGIN ");
    private static final Pattern CERTIFICATE = Pattern.compile("[a-z0-9@.-]+-cert-v0[01]@openssh\\.com");

    /**
     * @param line one line: type, Base64, and optionally a comment; blanks and line ends around it do not matter
     * @throws Problem that tells the reason, if it is anything but a sound public key of a type in use
     */
    public static SshPublicKey parse(String line) {
        if (PRIVATE.matcher(line).find()) {
            throw Problem.invalidSecret(FIELD, "This is a PRIVATE key. It was not stored, but it has left your machine: make a new key pair"
                    + " if others could have seen it. What belongs here is the public key, from the file that ends in .pub.");
        }
        try {
            return parsed(line);
        } catch (KeyRefused e) {
            throw Problem.invalid(FIELD, line.length() <= VALUE_SHOWN ? line : line.substring(0, VALUE_SHOWN) + "...", e.getMessage());
        }
    }

    /** The line of {@code authorized_keys}. */
    @Override
    public String toString() {
        return comment.isEmpty() ? type + " " + key : type + " " + key + " " + comment;
    }

    private static SshPublicKey parsed(String text) throws KeyRefused {
        var line = singleLine(text);
        var parts = BLANKS.split(line, 3);
        var type = knownType(parts[0], line);
        if (parts.length == 1) {
            throw new KeyRefused("The key itself is missing after " + parts[0] + ".");
        }
        var blob = decoded(parts[1]);
        checkBlob(type, blob);
        var comment = parts.length == 3 ? parts[2] : "";
        checkComment(comment);
        return new SshPublicKey(type.wireName(), parts[1], comment, fingerprint(blob));
    }

    private static String singleLine(String text) throws KeyRefused {
        if (OTHER_FORMAT.matcher(text).find()) {
            throw new KeyRefused("This is not OpenSSH's format; ssh-keygen -i converts it.");
        }
        if (text.length() > MAX_LINE) {
            throw new KeyRefused("This is too long for a public key: more than " + MAX_LINE + " characters.");
        }
        var line = text.strip();
        if (line.isEmpty() || line.startsWith("#")) {
            throw new KeyRefused("There is no key.");
        }
        if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
            throw new KeyRefused("There are several lines; a public key is a single line, and each is added on its own.");
        }
        return line;
    }

    private static SshKeyType knownType(String first, String line) throws KeyRefused {
        var type = SshKeyType.named(first);
        if (type.isPresent()) {
            return type.get();
        }
        if (CERTIFICATE.matcher(first).matches()) {
            throw new KeyRefused("This is a certificate; what belongs here is the public key that it certifies.");
        }
        if (first.equals("ssh-dss")) {
            throw new KeyRefused("DSA keys (ssh-dss) are too weak and no longer accepted by OpenSSH.");
        }
        for (var word : BLANKS.split(line)) {
            if (SshKeyType.named(word).isPresent() || CERTIFICATE.matcher(word).matches() || word.equals("ssh-dss")) {
                throw new KeyRefused("There are options before the key, which are not taken; it must begin with its type.");
            }
        }
        throw new KeyRefused("This does not begin with a type of public keys that is taken: " + SshKeyType.allNames() + ".");
    }

    private static byte[] decoded(String base64) throws KeyRefused {
        try {
            var blob = Base64.getDecoder().decode(base64);
            // The decoder also takes missing padding and stray bits at the end: one key would have several forms.
            if (Base64.getEncoder().encodeToString(blob).equals(base64)) {
                return blob;
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        throw new KeyRefused("The key is malformed or cut off: its Base64 is not right.");
    }

    private static void checkBlob(SshKeyType type, byte[] blob) throws KeyRefused {
        var wire = new SshWire(blob);
        if (!wire.text().equals(type.wireName())) {
            throw new KeyRefused("The key is malformed: it is of another type inside than " + type.wireName() + ".");
        }
        type.check(wire);
        wire.end();
    }

    private static void checkComment(String comment) throws KeyRefused {
        if (comment.codePointCount(0, comment.length()) > MAX_COMMENT) {
            throw new KeyRefused("The comment is longer than " + MAX_COMMENT + " characters.");
        }
        if (!comment.codePoints().allMatch(SshPublicKey::isPlain)) {
            throw new KeyRefused("The comment has a control character in it.");
        }
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> false;
            default -> true;
        };
    }

    private static String fingerprint(byte[] blob) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
