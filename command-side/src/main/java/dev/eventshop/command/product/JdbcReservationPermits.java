package dev.eventshop.command.product;

import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderItemEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.JdbcTemplate;

/** Permits are the rows of {@code reservation_permit}. They are issued in the transaction of the order that is placed. */
@ProcessingGroup(JdbcReservationPermits.GROUP)
class JdbcReservationPermits implements ReservationPermits {

    /** Runs in the transaction of the events. */
    static final String GROUP = "reservation-permits";

    private final JdbcTemplate jdbc;

    JdbcReservationPermits(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @EventHandler
    void on(OrderCreatedEvent event) {
        jdbc.update(
                "insert into command_side.reservation_permit (order_id, product_id) select ?, unnest(?)",
                event.orderId(),
                event.items().stream().map(OrderItemEvent::productId).toArray(Integer[]::new));
    }

    @Override
    public boolean take(int orderId, int productId) {
        return jdbc.update(
                        "delete from command_side.reservation_permit where order_id = ? and product_id = ?",
                        orderId,
                        productId)
                == 1;
    }
}
