package dev.eventshop.query.productcatalog;

import java.util.Optional;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

interface ProductRows extends Repository<ProductRow, Integer>, JpaSpecificationExecutor<ProductRow> {

    Optional<ProductRow> findById(int productId);
}
