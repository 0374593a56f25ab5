package dev.eventshop.query.replay;

import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.PostgresTokenStore;
import dev.eventshop.eventstore.StoredEventMessages;
import dev.eventshop.query.projection.AppliedPositions;
import dev.eventshop.query.projection.Projection;
import dev.eventshop.query.projection.ProjectionFlags;
import dev.eventshop.query.projection.Projections;
import dev.eventshop.query.projection.QueryProperties;
import dev.eventshop.query.projection.Slots;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@Configuration(proxyBeanMethods = false)
class ReplayConfiguration {

    @Bean
    Replays replays(JdbcClient jdbc, TransactionOperations transactions, Projections projections) {
        return new JdbcReplays(
                jdbc,
                transactions,
                name -> projections.named(name).map(Projection::version).orElse(0));
    }

    @Bean
    InPlaceReplay inPlaceReplay(
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
        return new InPlaceReplay(
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
    }

    @Bean
    SideBySideReplay sideBySideReplay(
            Replays replays,
            Projections projections,
            ProjectionFlags flags,
            PostgresTokenStore tokens,
            EventLog events,
            StoredEventMessages messages,
            JdbcOperations jdbc,
            TransactionOperations transactions,
            Slots slots,
            QueryProperties properties) {
        PostgresTokenStore own = tokens.asAnotherNode(); // it must not take what this node still works on
        SlotBuild.Parts parts = new SlotBuild.Parts(
                replays,
                projections,
                flags,
                own,
                events,
                messages.withUnreadable(), // what is set apart is left out, whether it can be read or not
                jdbc,
                transactions,
                slots,
                properties.replays());
        return new SideBySideReplay(replay -> new SlotBuild(parts, replay, own.nodeId()));
    }

    @Bean
    IdleSlots idleSlots(
            Replays replays,
            Projections projections,
            ProjectionFlags flags,
            JdbcOperations jdbc,
            TransactionOperations transactions) {
        return new IdleSlots(replays, projections, flags, jdbc, transactions);
    }

    @Bean
    ReplayRunner replayRunner(
            Replays replays,
            InPlaceReplay inPlace,
            SideBySideReplay sideBySide,
            IdleSlots idleSlots,
            Projections projections,
            ProjectionFlags flags,
            EventLog events,
            QueryProperties properties) {
        return new ReplayRunner(
                replays, inPlace, sideBySide, idleSlots, projections, flags, events, properties.replays());
    }
}
