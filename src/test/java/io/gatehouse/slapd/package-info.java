/**
 * A real OpenLDAP server to compare with: {@link io.gatehouse.slapd.SlapdServer} runs Debian's slapd with the project's own
 * schema, {@link io.gatehouse.slapd.EntryExport} fills it with what a running Gatehouse shows.
 */
package io.gatehouse.slapd;
