package dev.eventshop.messaging;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** Takes history that is sent again each time it comes. */
@Transactional
class WhenCountedThenRecordPastInbox extends WhenCountedThenRecord {

    WhenCountedThenRecordPastInbox(JdbcClient jdbc, Script script) {
        super(jdbc, script);
    }

    @Override
    @Subscribe(queue = QUEUE, routingKey = "counted.*", type = "Counted", replaysPastInbox = true)
    void on(Counted event, MessageContext context) throws Exception {
        super.on(event, context);
    }
}
