package dev.eventshop.notification.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.eventshop.notification.deadletter.DeadLetters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.amqp.core.QueueInformation;
import org.springframework.dao.DataAccessResourceFailureException;

class QueuesTest {

    private final AmqpAdmin broker = mock();
    private final DeadLetters collected = mock();
    private final Queues queues = new Queues(broker, collected);

    @BeforeEach
    void letTheBrokerAnswer() {
        when(broker.getQueueInfo(anyString())).thenReturn(new QueueInformation("queue", 3, 2));
    }

    @Test
    void countWhatWasCollectedFromThem() {
        when(collected.byQueue()).thenReturn(Map.of("order.created", 4L));

        assertThat(queues.all())
                .filteredOn(state -> state.queue().equals("order.created"))
                .extracting(QueueState::failed)
                .containsExactly(7);
    }

    @Test
    void areKnownWhileTheDatabaseIsAway() {
        when(collected.byQueue()).thenThrow(new DataAccessResourceFailureException("away"));

        List<QueueState> states = queues.all();

        assertThat(states).isNotEmpty().allSatisfy(state -> {
            assertThat(state.ready()).isEqualTo(3);
            assertThat(state.consumers()).isEqualTo(2);
            assertThat(state.failed()).isNull();
        });
    }
}
