package io.gatehouse.credentials;

/** Why a text is not taken as an SSH public key. */
final class KeyRefused extends Exception {

    private static final long serialVersionUID = 1;

    KeyRefused(String reason) {
        super(reason, null, false, false);
    }
}
