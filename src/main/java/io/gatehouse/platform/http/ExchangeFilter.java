package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
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
import java.security.Principal;
import java.util.Map;

/** Lets everything that is logged for a request have its correlation id, and tells the {@link Exchange} whose it is and where it went. */
@ServerFilter("/**")
@Order(ExchangeFilter.ORDER)
final class ExchangeFilter {

    /** The first on the way in, the last on the way out. */
    static final int ORDER = Ordered.HIGHEST_PRECEDENCE;

    private static final String NUL = "%00";

    private final ClientAddress addresses;

    ExchangeFilter(ClientAddress addresses) {
        this.addresses = addresses;
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
            refuseNul(exchange.target());
        });
    }

    @ResponseFilter
    void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
        Exchange.of(request).ifPresent(exchange ->
                request.getUserPrincipal().map(Principal::getName).ifPresent(exchange::setPrincipal));
    }

    /** No name has one, and PostgreSQL takes no text with one. */
    private static void refuseNul(String target) {
        int nul = target.indexOf(NUL);
        if (nul < 0) {
            return;
        }
        int query = target.indexOf('?');
        if (query < 0 || nul < query) {
            throw Problem.invalidSecret("path", "A path has no NUL character.");
        }
        int from = target.lastIndexOf('&', nul);
        var parameter = target.substring(Math.max(from, query) + 1, nul);
        throw Problem.invalidSecret(parameter.replaceFirst("=.*", ""), "A value has no NUL character.");
    }
}
