package io.gatehouse.platform.http;

/** A resource that has another number after each change of it: its entity tag (RFC 9110 section 8.8.3). */
public interface Revised {

    long revision();
}
