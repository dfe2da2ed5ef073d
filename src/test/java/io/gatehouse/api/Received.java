package io.gatehouse.api;

import java.net.http.HttpHeaders;

/** An answer. */
record Received(int status, HttpHeaders headers, String body) {

    boolean isProblem() {
        return status >= 400;
    }

    @Override
    public String toString() {
        return status + " " + headers.map() + "\n" + body;
    }
}
