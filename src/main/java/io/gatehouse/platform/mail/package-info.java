/**
 * Mail. Who has something to tell puts it into the {@link io.gatehouse.platform.mail.Outbox} within the transaction of what it tells
 * of; after the commit one node or another sends it, as often as it takes. A node that dies while it sends leaves the mail to
 * another one, so a mail may arrive twice but is never lost; {@code X-Gatehouse-Message-Id} is the same in both.
 *
 * <p>Templates are in {@code resources/mail}, each as text and as HTML.
 */
package io.gatehouse.platform.mail;
