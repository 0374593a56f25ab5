package dev.eventshop.command.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Test;

class ParkingStepsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T09:30:15Z");
    private static final FulfilmentStep STEP = new FulfilmentStep(
            FulfilmentStep.Kind.RELEASE, 5, List.of(new OrderedItem(17, "Teapot", 3)), "request-1", null);

    private final SchedulerClient scheduler = mock();
    private final Counter parked = new SimpleMeterRegistry().counter("parked");

    private ResultMessage<?> takeAndFailWith(Error error) {
        StockSteps steps = new StockSteps((command, cause) -> {
            throw error;
        });
        ParkingSteps parking = new ParkingSteps(steps, scheduler, Clock.fixed(NOW, ZoneOffset.UTC), parked);
        return DefaultUnitOfWork.startAndGet(new GenericEventMessage<>("event")).executeWithResult(() -> {
            parking.take(STEP);
            return null;
        });
    }

    @Test
    void parkAStepThatEndsInAnError() {
        ResultMessage<?> result = takeAndFailWith(new StackOverflowError());

        assertThat(result.isExceptional()).isFalse();
        assertThat(parked.count()).isOne();
    }

    @Test
    void parkNothingForALackOfMemory() {
        ResultMessage<?> result = takeAndFailWith(new OutOfMemoryError("full"));

        assertThat(result.exceptionResult()).hasMessage("full");
        assertThat(parked.count()).isZero();
    }
}
