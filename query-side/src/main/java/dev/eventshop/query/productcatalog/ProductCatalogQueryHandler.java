package dev.eventshop.query.productcatalog;

import dev.eventshop.access.AccessRules;
import dev.eventshop.query.cache.ViewCache;
import dev.eventshop.query.cache.ViewCaches;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;

@Component
class ProductCatalogQueryHandler {

    private static final String ID = "productId";

    private final AccessRules rules;
    private final ProductRows products;
    private final StockChangeRows changes;
    private final ViewCache<Product> cache;

    ProductCatalogQueryHandler(AccessRules rules, ProductRows products, StockChangeRows changes, ViewCaches caches) {
        this.cache = caches.of("product", Product.class);
        this.rules = rules;
        this.products = products;
        this.changes = changes;
    }

    Optional<Product> handle(FindProduct query) {
        rules.check(query);
        return cache.find(
                String.valueOf(query.productId()),
                query.fresh(),
                () -> products.findById(query.productId()).map(ProductRow::product));
    }

    List<StockChange> handle(ListStockChanges query) {
        rules.check(query);
        return changes
                .findByKeyProductIdAndKeyVersionLessThanOrderByKeyVersionDesc(
                        query.productId(), query.before(), Limit.of(query.limit()))
                .stream()
                .map(StockChangeRow::change)
                .toList();
    }

    List<Product> handle(ListProducts query) {
        rules.check(query);
        Sort.Direction direction = query.order().descending() ? Sort.Direction.DESC : Sort.Direction.ASC;
        String field = query.order().key().field();
        Sort sort = field.equals(ID) ? Sort.by(direction, ID) : Sort.by(direction, field, ID);
        return products
                .findBy(
                        restriction(query),
                        found -> found.sortBy(sort).limit(query.limit()).all())
                .stream()
                .map(ProductRow::product)
                .toList();
    }

    private static Specification<ProductRow> restriction(ListProducts query) {
        List<Specification<ProductRow>> all = new ArrayList<>();
        if (query.search() != null) {
            String part = SearchableName.of(query.search());
            all.add((product, q, is) -> is.gt(is.locate(product.get("searchName"), part), 0)); // no wildcards
        }
        if (query.minStock() != null) {
            all.add((product, q, is) -> is.greaterThanOrEqualTo(product.get("stock"), query.minStock()));
        }
        if (query.after() != null) {
            ListProducts.After after = query.after();
            all.add((product, q, is) -> behind(query.order(), after, product, is));
        }
        return Specification.allOf(all);
    }

    private static Predicate behind(
            ListProducts.Order order, ListProducts.After after, Root<ProductRow> product, CriteriaBuilder is) {
        Predicate tie = order.descending()
                ? is.lessThan(product.get(ID), after.productId())
                : is.greaterThan(product.get(ID), after.productId());
        String field = order.key().field();
        return switch (order.key()) {
            case PRODUCT_ID -> tie;
            case NAME -> behind(String.class, field, order.descending(), after, tie, product, is);
            case PRICE -> behind(BigDecimal.class, field, order.descending(), after, tie, product, is);
            case STOCK -> behind(Integer.class, field, order.descending(), after, tie, product, is);
            case UPDATED_AT -> behind(Instant.class, field, order.descending(), after, tie, product, is);
        };
    }

    private static <T extends Comparable<? super T>> Predicate behind(
            Class<T> type,
            String field,
            boolean descending,
            ListProducts.After after,
            Predicate tie,
            Root<ProductRow> product,
            CriteriaBuilder is) {
        T key = type.cast(after.key());
        Predicate beyond =
                descending ? is.lessThan(product.<T>get(field), key) : is.greaterThan(product.<T>get(field), key);
        Predicate notBefore = descending // for the index
                ? is.lessThanOrEqualTo(product.<T>get(field), key)
                : is.greaterThanOrEqualTo(product.<T>get(field), key);
        return is.and(notBefore, is.or(beyond, is.and(is.equal(product.get(field), key), tie)));
    }
}
