package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.gatehouse.platform.Database;
import io.gatehouse.testing.GatehouseServer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class UnexpectedFailureIT {

    @Test
    void tellsACorrelationIdOnlyUnderWhichTheLogHasTheRest() {
        var logger = (Logger) LoggerFactory.getLogger(UnexpectedHandler.class);
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        logger.addAppender(log);
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            server.bean(Database.class).asOwner(handle -> handle.execute("alter table sites rename to places"));

            var answer = administrator.get("/sites");

            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.object().keySet()).isEqualTo(Set.of("type", "title", "status", "detail", "correlationId"));
            assertThat(answer.text()).doesNotContain("sites").doesNotContain("SQL");
            assertThat(log.list).singleElement().satisfies(event -> {
                assertThat(event.getFormattedMessage()).contains("GET /api/v1/sites");
                assertThat(event.getMDCPropertyMap()).containsEntry("correlationId", answer.textAt("correlationId"));
                assertThat(event.getThrowableProxy()).isNotNull();
            });
        } finally {
            logger.detachAppender(log);
        }
    }
}
