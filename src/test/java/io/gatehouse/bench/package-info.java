/**
 * {@code ./gatehouse bench}: Gatehouse and OpenLDAP's slapd side by side, with the same entries, in one run.
 *
 * <p>Both servers of every size run all the time and take turns, round by round, so that a noisy machine is noisy for all of
 * them; what is printed are medians. The load comes from one thread with an event loop and requests encoded beforehand: on a
 * small machine every microsecond of the client is one that the server lacks.
 */
package io.gatehouse.bench;
