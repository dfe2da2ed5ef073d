package io.gatehouse.gateway.dns;

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

/** Records of public names over HTTP. */
@Tag(name = "External domains")
@Controller("/api/v1/dns-records")
@Scope("cluster")
@Secured(Role.ADMINISTRATOR)
final class DnsRecordsController {

    private final Transactions transactions;
    private final DnsRecordRows rows;

    DnsRecordsController(Transactions transactions, DnsRecordRows rows) {
        this.transactions = transactions;
        this.rows = rows;
    }

    /**
     * Lists the records that services have at Cloudflare, by name: those at other sites than the default site of their domain. What fails is
     * tried again.
     */
    @Get
    @Operation(operationId = "listDnsRecords")
    Page<DnsRecord> list(ListRequest request, @Nullable @QueryValue Integer externalDomainId, @Nullable @QueryValue String state) {
        return transactions.read(handle -> rows.list(handle, request, externalDomainId, state == null ? null : DnsRecordState.parse(state)));
    }
}
