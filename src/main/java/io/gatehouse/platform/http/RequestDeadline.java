package io.gatehouse.platform.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ends a connection whose request does not arrive whole in time, however busily its bytes drip in. A request that arrives at once,
 * as most do, costs no timer.
 */
final class RequestDeadline extends ChannelInboundHandlerAdapter {

    private static final String ANSWER_BODY = """
            {"type":"urn:gatehouse:problem:request-timeout","title":"Request Timeout","status":408,"detail":"The request took too long to arrive."}""";
    private static final String ANSWER = """
            HTTP/1.1 408 Request Timeout\r
            Content-Type: application/problem+json\r
            Content-Length: %d\r
            X-Content-Type-Options: nosniff\r
            Cache-Control: no-store\r
            Connection: close\r
            \r
            %s""".formatted(ANSWER_BODY.length(), ANSWER_BODY);

    private final Duration limit;
    private BooleanSupplier mayAnswer;
    private boolean isArriving;
    private Future<?> end;

    RequestDeadline(Duration limit) {
        this.limit = limit;
    }

    /** Otherwise an answer would be taken for that of another request. */
    void answerOnlyIf(BooleanSupplier isExpected) {
        mayAnswer = isExpected;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        isArriving = true;
        super.channelRead(context, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (isArriving && end == null) {
            end = context.executor().schedule(() -> refuse(context), limit.toNanos(), TimeUnit.NANOSECONDS);
        }
        super.channelReadComplete(context);
    }

    /** The request is here, or never will be. */
    void requestArrived() {
        isArriving = false;
        cancel();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        cancel();
        super.channelInactive(context);
    }

    private void cancel() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
    }

    private void refuse(ChannelHandlerContext context) {
        if (!mayAnswer.getAsBoolean()) {
            context.close();
            return;
        }
        context.writeAndFlush(Unpooled.copiedBuffer(ANSWER, StandardCharsets.US_ASCII)).addListener(ChannelFutureListener.CLOSE);
    }
}
