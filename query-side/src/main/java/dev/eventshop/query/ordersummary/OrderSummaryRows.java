package dev.eventshop.query.ordersummary;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

interface OrderSummaryRows extends Repository<OrderSummaryRow, Integer>, JpaSpecificationExecutor<OrderSummaryRow> {

    Optional<OrderSummaryRow> findById(int orderId);
}
