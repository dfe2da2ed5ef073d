package io.gatehouse.audit;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.ProblemResponses;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.BasicHttpAttributes;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/** Has the log tell of requests by people and programs who lack the right. Outermost, since what refuses is a filter as well. */
@ServerFilter("/api/**")
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ForbiddenRequests {

    private final ActorBinder actors;
    private final Refusals refusals;

    ForbiddenRequests(ActorBinder actors, Refusals refusals) {
        this.actors = actors;
        this.refusals = refusals;
    }

    @ResponseFilter
    void end(HttpRequest<?> request, MutableHttpResponse<?> response) {
        if (request.getUserPrincipal().isPresent() && ProblemResponses.tells(response, Problem.Kind.FORBIDDEN)) {
            // The template: what stands in its gaps may be secret.
            var route = request.getMethodName() + " " + BasicHttpAttributes.getUriTemplate(request).orElse("?");
            refusals.record(AuditEvent.failure(actors.actor(request), "auth.request.forbidden", "route:" + route));
        }
    }
}
