package dev.eventshop.messaging;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** Writes what it gets, and then does what the test wants. Package-private, and behind a proxy. */
@Transactional
class WhenCountedThenRecord {

    static final String QUEUE = "test.counted";

    private final JdbcClient jdbc;
    private final Script script;

    WhenCountedThenRecord(JdbcClient jdbc, Script script) {
        this.jdbc = jdbc;
        this.script = script;
    }

    @Subscribe(queue = QUEUE, routingKey = "counted.*", type = "Counted")
    void on(Counted event, MessageContext context) throws Exception {
        script.calls.add(event.number());
        script.contexts.add(context);
        jdbc.sql("insert into effect (number, text) values (?, ?)")
                .param(event.number())
                .param(event.text())
                .update();
        script.then.accept(event);
    }

    /** What the test wants. */
    static class Script {

        final List<Integer> calls = new CopyOnWriteArrayList<>();
        final List<MessageContext> contexts = new CopyOnWriteArrayList<>();
        volatile Action then = event -> {};

        interface Action {
            void accept(Counted event) throws Exception;
        }
    }
}
