package io.gatehouse.platform.http;

import io.micronaut.context.propagation.slf4j.MdcPropagationContext;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.exceptions.ContentLengthExceededException;
import java.security.Principal;
import java.util.Map;

/** Lets everything that is logged for a request have its correlation id, and tells the {@link Exchange} whose it is and where it went. */
@ServerFilter("/**")
@Order(ExchangeFilter.ORDER)
final class ExchangeFilter {

    /** The first on the way in, the last on the way out. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

    private final ClientAddress addresses;
    private final BodyLimits limits;

    ExchangeFilter(ClientAddress addresses, BodyLimits limits) {
        this.addresses = addresses;
        this.limits = limits;
    }

    @RequestFilter
    void begin(HttpRequest<?> request, MutablePropagatedContext context) {
        Exchange.of(request).ifPresent(exchange -> {
            context.add(new MdcPropagationContext(Map.of(Exchange.CORRELATION_ID, exchange.correlationId())));
            BasicHttpAttributes.getUriTemplate(request).ifPresent(exchange::setRoute);
            exchange.setAddress(addresses.of(request).getHostAddress());
            if (addresses.isOverTls(request)) {
                exchange.setSecure();
            }
            RequestHead.checkTarget(exchange.target());
            checkBody(request);
        });
    }

    @ResponseFilter
    void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
        Exchange.of(request).ifPresent(exchange ->
                request.getUserPrincipal().map(Principal::getName).ifPresent(exchange::setPrincipal));
    }

    /** Refuses at once what would be refused when it has been read. */
    private void checkBody(HttpRequest<?> request) {
        var limit = limits.of(request);
        if (request.getContentLength() > limit) {
            throw new ContentLengthExceededException(limit, request.getContentLength());
        }
    }
}
