/**
 * The commands {@code ./gatehouse import}, {@code ./gatehouse export} and {@code ./gatehouse explain}: clients of a running server's
 * HTTP API. The first two read the files of other systems and write one that OpenLDAP takes. The rules, of what may come in and of who
 * may log in where, are the server's.
 */
package io.gatehouse.transfer;
