/**
 * What administrators can change while the servers run: {@link io.gatehouse.platform.settings.Setting} names all there are, each
 * with its type, its default and its rule; {@link io.gatehouse.platform.settings.Settings} tells their present values from
 * memory. The API for changing them is in the room {@code cluster}, since a change is recorded in the audit log.
 */
package io.gatehouse.platform.settings;
