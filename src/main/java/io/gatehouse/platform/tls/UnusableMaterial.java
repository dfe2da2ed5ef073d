package io.gatehouse.platform.tls;

/** Why a certificate, key or CA cannot be served, in one line for the operator, without a full stop at its end. */
public final class UnusableMaterial extends Exception {

    UnusableMaterial(String message) {
        super(message);
    }

    UnusableMaterial(String message, Throwable cause) {
        super(message, cause);
    }
}
