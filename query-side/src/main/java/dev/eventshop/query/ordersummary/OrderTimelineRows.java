package dev.eventshop.query.ordersummary;

import java.util.List;
import org.springframework.data.repository.Repository;

interface OrderTimelineRows extends Repository<OrderTimelineRow, OrderTimelineRow.Key> {

    List<OrderTimelineRow> findByKeyOrderIdOrderByKeyVersion(int orderId);
}
