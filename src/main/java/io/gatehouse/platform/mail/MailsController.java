package io.gatehouse.platform.mail;

import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;

/** What became of mail, over HTTP. */
@Tag(name = "Mail")
@Controller("/api/v1/mails")
@Scope("audit")
@Secured(Role.ADMINISTRATOR)
final class MailsController {

    private final Transactions transactions;
    private final OutboxRows rows;

    MailsController(Transactions transactions, OutboxRows rows) {
        this.transactions = transactions;
        this.rows = rows;
    }

    /**
     * Lists the mails of the last 90 days, the newest first: to whom, and whether they went; never what they say.
     *
     * @param state     pending, sent or failed
     * @param recipient a mail address
     */
    @Get
    @Operation(operationId = "listMails")
    Page<SentMail> list(ListRequest request, @Nullable @QueryValue String state, @Nullable @QueryValue String recipient) {
        var wanted = state == null ? null : MailState.parse(state);
        return transactions.read(handle -> rows.list(handle, request, wanted, recipient));
    }
}
