package io.gatehouse.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.protocol.BindResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchResultDoneProtocolOp;
import com.unboundid.ldap.protocol.SearchResultEntryProtocolOp;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.ResultCode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private static final ProtocolOp DONE = new SearchResultDoneProtocolOp(ResultCode.SUCCESS_INT_VALUE, null, null, null);

    @Test
    void countsEntriesWhereverTheStreamIsCut() {
        var stream = encode(entry("x"), entry("x".repeat(500)), entry("x".repeat(70_000)), DONE);
        for (int piece : List.of(1, 2, 3, 7, 100, 4_096, stream.remaining())) {
            var answer = new Answer();

            var complete = feed(answer, stream.duplicate(), piece);

            assertThat(complete).as("pieces of %d bytes", piece).isTrue();
            assertThat(answer.entries()).isEqualTo(3);
            assertThat(answer.last().getSearchResultDoneProtocolOp().getResultCode()).isEqualTo(ResultCode.SUCCESS_INT_VALUE);
        }
    }

    @Test
    void isIncompleteBeforeTheResult() {
        var answer = new Answer();

        assertThat(feed(answer, encode(entry("a"), entry("b")), 64)).isFalse();
        assertThat(answer.entries()).isEqualTo(2);
    }

    @Test
    void beginsAgainAfterReset() {
        var answer = new Answer();
        feed(answer, encode(entry("a"), DONE), 1_000);

        answer.reset();

        assertThat(feed(answer, encode(DONE), 1_000)).isTrue();
        assertThat(answer.entries()).isZero();
    }

    @Test
    void failsWithWhatTheServerSays() {
        var refusal = new BindResponseProtocolOp(ResultCode.INVALID_CREDENTIALS_INT_VALUE, null, "no such luck", null, null);

        assertThatThrownBy(() -> feed(new Answer(), encode(refusal), 1_000))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("no such luck").hasMessageContaining("49");
    }

    private static boolean feed(Answer answer, ByteBuffer stream, int piece) {
        boolean complete = false;
        while (stream.hasRemaining()) {
            int length = Math.min(piece, stream.remaining());
            answer.buffer().put(stream.slice(stream.position(), length));
            stream.position(stream.position() + length);
            complete = answer.isComplete();
        }
        return complete;
    }

    private static ByteBuffer encode(ProtocolOp... operations) {
        var messages = IntStream.range(0, operations.length)
                .mapToObj(i -> new LDAPMessage(1, operations[i]).encode().encode()).toList();
        var stream = ByteBuffer.allocate(messages.stream().mapToInt(message -> message.length).sum());
        messages.forEach(stream::put);
        return stream.flip();
    }

    private static ProtocolOp entry(String value) {
        return new SearchResultEntryProtocolOp("cn=entry,dc=example", List.of(new Attribute("cn", value)));
    }
}
