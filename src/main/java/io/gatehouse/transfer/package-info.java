/**
 * The commands {@code ./gatehouse import} and {@code ./gatehouse export}: clients of a running server's HTTP API, which read the files
 * of other systems and write one that OpenLDAP takes. The rules about what may come in are the server's.
 */
package io.gatehouse.transfer;
