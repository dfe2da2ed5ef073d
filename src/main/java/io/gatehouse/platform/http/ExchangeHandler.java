package io.gatehouse.platform.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
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
        }
        if (message instanceof LastHttpContent || message instanceof HttpRequest failed && failed.decoderResult().isFailure()) {
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
            }
            if (message instanceof HttpContent content) {
                exchange.sent(content.content().readableBytes());
            }
            if (message instanceof LastHttpContent && exchange.status() != 0) {
                unanswered.poll();
                exchanges.ended(exchange);
            }
        }
        super.write(context, message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        unanswered.forEach(exchanges::ended);
        unanswered.clear();
        super.channelInactive(context);
    }
}
