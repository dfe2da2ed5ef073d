package io.gatehouse.platform.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows the requests of a connection and their answers, which have the same order, right above the bytes: also those that
 * never reach a filter.
 */
final class ExchangeHandler extends ChannelDuplexHandler {

    private final Exchanges exchanges;
    private final RequestDeadline deadline;
    private final Deque<Exchange> unanswered = new ArrayDeque<>(2);
    private boolean isReading;
    /** What follows on the connection cannot be told apart from the body of a request. */
    private boolean isBroken;

    ExchangeHandler(Exchanges exchanges, RequestDeadline deadline) {
        this.exchanges = exchanges;
        this.deadline = deadline;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        var passedOn = message;
        if (message instanceof HttpRequest request) {
            var exchange = Exchange.begin(request, context.channel().remoteAddress());
            unanswered.add(exchange);
            passedOn = exchange.track(request);
            isReading = exchange.defect() == null;
            isBroken |= request.decoderResult().isFailure();
        }
        if (message instanceof HttpContent content && content.decoderResult().isFailure()) {
            isBroken = true;
            isReading = false;
        }
        if (message instanceof LastHttpContent) {
            isReading = false;
        }
        if (!isReading) {
            deadline.requestArrived();
        }
        super.channelRead(context, passedOn);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        var exchange = unanswered.peek();
        if (exchange != null) {
            if (message instanceof HttpResponse response && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                exchange.answered(response.status().code());
                exchanges.head(exchange, response.headers());
                if (isBroken) {
                    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                }
            }
            if (message instanceof HttpContent content) {
                exchange.sent(content.content().readableBytes());
            }
            if (message instanceof LastHttpContent && exchange.status() != 0) {
                unanswered.poll();
                exchanges.ended(exchange);
                if (isBroken && unanswered.isEmpty()) {
                    super.write(context, message, promise.unvoid().addListener(ChannelFutureListener.CLOSE));
                    return;
                }
            }
        }
        super.write(context, message, promise);
    }

    /** Whether nothing has been said yet to the request that is being read, and nothing waits to be said before. */
    boolean mayRefuse() {
        return isReading ? unanswered.size() == 1 && unanswered.peek().status() == 0 : unanswered.isEmpty();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        unanswered.forEach(exchanges::ended);
        unanswered.clear();
        super.channelInactive(context);
    }
}
