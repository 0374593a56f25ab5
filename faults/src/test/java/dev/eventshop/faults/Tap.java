package dev.eventshop.faults;

import com.rabbitmq.client.GetResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A durable queue of the oracle's own that gets whatever the exchange gets. */
final class Tap {

    static final String EXCHANGE = "microservice.events";

    private static final String QUEUE = "faults.tap";

    private final Servers servers;
    private final Set<String> ids = new HashSet<>();
    private final List<GetResponse> latest = new ArrayList<>();
    private boolean open;

    Tap(Servers servers) {
        this.servers = servers;
    }

    /** The exchange has to be there. */
    void open() {
        servers.atBroker(channel -> {
            channel.queueDeclare(QUEUE, true, false, false, Map.of());
            channel.queueBind(QUEUE, EXCHANGE, "#");
        });
        open = true;
    }

    /** From now on it gets nothing, and does not hide that another queue gets nothing. */
    void close() {
        drain();
        servers.atBroker(channel -> channel.queueDelete(QUEUE));
        open = false;
    }

    /** @return ids of all messages so far */
    Set<String> ids() {
        drain();
        return ids;
    }

    /** @return the messages of the last time that it was emptied, at least that many when there were */
    List<GetResponse> latest() {
        drain();
        return latest;
    }

    private void drain() {
        if (!open) {
            return;
        }
        servers.atBroker(channel -> {
            List<GetResponse> drained = new ArrayList<>();
            for (GetResponse message = channel.basicGet(QUEUE, true);
                    message != null;
                    message = channel.basicGet(QUEUE, true)) {
                ids.add(message.getProps().getMessageId());
                drained.add(message);
            }
            if (!drained.isEmpty()) {
                latest.clear();
                latest.addAll(drained);
            }
        });
    }
}
