package io.gatehouse.credentials;

import java.util.Base64;

/** How the forms of password hashes write bytes: dialects of Base64, each taken only as an encoder writes it. */
enum HashBytes {

    /** RFC 4648 section 4. */
    PADDED {
        @Override
        String encode(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    },

    /** RFC 4648 section 4 without padding, as the PHC string format has it. */
    UNPADDED {
        @Override
        String encode(byte[] bytes) {
            return Base64.getEncoder().withoutPadding().encodeToString(bytes);
        }
    },

    /** The same with a point for the plus sign, as Passlib and OpenLDAP write PBKDF2. */
    POINTED {
        @Override
        String encode(byte[] bytes) {
            return UNPADDED.encode(bytes).replace('+', '.');
        }
    };

    abstract String encode(byte[] bytes);

    /** @throws HashRefused if the text is not exactly what {@link #encode} makes of so many bytes */
    byte[] decode(String form, String part, String text, int minBytes, int maxBytes) throws HashRefused {
        var bytes = decoded(this == POINTED ? text.replace('.', '+') : text);
        if (bytes.length < minBytes || bytes.length > maxBytes) {
            throw HashRefused.damaged(form, part + " is not " + minBytes + " to " + maxBytes + " bytes in Base64.");
        }
        if (!encode(bytes).equals(text)) {
            throw HashRefused.damaged(form, part + " is not written as its Base64 demands.");
        }
        return bytes;
    }

    /** Of no length that is taken, if it is no Base64 at all. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
