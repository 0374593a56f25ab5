package dev.eventshop.query.productcatalog;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

interface StockChangeRows extends Repository<StockChangeRow, StockChangeRow.Key> {

    List<StockChangeRow> findByKeyProductIdAndKeyVersionLessThanOrderByKeyVersionDesc(
            int productId, long version, Limit limit);
}
