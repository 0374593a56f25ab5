package dev.eventshop.query.replay;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.query.projection.AppliedPositions;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
class ReplayConfiguration {

    @Bean
    Replays replays(JdbcClient jdbc, TransactionOperations transactions) {
        return new JdbcReplays(jdbc, transactions);
    }

    @Bean
    ReplayRunner replayRunner(
            Replays replays,
            Projections projections,
            ProjectionFlags flags,
            AppliedPositions positions,
            PostgresTokenStore tokens,
            EventLog events,
            JdbcOperations jdbc,
            TransactionOperations transactions,
            Clock clock,
            QueryProperties properties) {
        InPlaceReplay inPlace = new InPlaceReplay(
                replays,
                projections,
                flags,
                positions,
                tokens.asAnotherNode(), // with this node's claims it could reset what this node still works on
                events,
                jdbc,
                transactions,
                clock,
                properties.replays());
        return new ReplayRunner(replays, inPlace, properties.replays().stepInterval());
    }
}
