package dev.eventshop.messaging.subscribing;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UnacknowledgedTest {

    private final List<String> sent = new ArrayList<>();
    private final Unacknowledged unacknowledged = new Unacknowledged((Channel) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Channel.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("basicAck");
                sent.add(arguments[0] + (Boolean.TRUE.equals(arguments[1]) ? " and all before" : ""));
                return null;
            }));

    private void add(long from, long to) {
        LongStream.rangeClosed(from, to).forEach(unacknowledged::add);
    }

    @Test
    void sendsOneNumberForAll() {
        add(1, 5);
        unacknowledged.acknowledge(List.of(3L, 1L, 2L));
        unacknowledged.acknowledge(List.of(4L, 5L));
        assertThat(sent).containsExactly("3 and all before", "5 and all before");
    }

    @Test
    void leavesOutWhatIsInHand() {
        add(1, 6);
        unacknowledged.acknowledge(List.of(1L, 2L, 4L, 6L));
        assertThat(sent).containsExactly("2 and all before", "4", "6");
        unacknowledged.acknowledge(List.of(5L));
        assertThat(sent).endsWith("6", "5");
        unacknowledged.acknowledge(List.of(3L));
        assertThat(sent).endsWith("5", "3 and all before");
    }

    /** The broker would close the channel. */
    @Test
    void sendsNoNumberTwice() {
        add(1, 2);
        unacknowledged.acknowledge(List.of(1L));
        unacknowledged.acknowledge(List.of(1L, 2L));
        unacknowledged.acknowledge(List.of(2L));
        assertThat(sent).containsExactly("1 and all before", "2 and all before");
    }
}
