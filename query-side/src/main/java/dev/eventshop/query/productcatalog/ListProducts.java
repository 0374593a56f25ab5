package dev.eventshop.query.productcatalog;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Products in some order; what is null does not restrict.
 *
 * @param search   part of the name, in any case
 * @param minStock least stock
 * @param after    the last product of the page before
 */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record ListProducts(
        @Nullable String search,
        @Nullable Integer minStock,
        Order order,
        @Nullable After after,
        int limit) {

    /** What products can be sorted by; those that are equal, by their number. */
    enum Key {
        PRODUCT_ID("productId", Product::productId, Integer::valueOf),
        NAME("name", Product::name, text -> text),
        PRICE("price", Product::price, BigDecimal::new),
        STOCK("stock", Product::stock, Integer::valueOf),
        UPDATED_AT("updatedAt", Product::updatedAt, Instant::parse);

        private final String field;
        private final Function<Product, Comparable<?>> value;
        private final Function<String, Comparable<?>> parse;

        Key(String field, Function<Product, Comparable<?>> value, Function<String, Comparable<?>> parse) {
            this.field = field;
            this.value = value;
            this.parse = parse;
        }

        String field() {
            return field;
        }
    }

    /** For example {@code price}, or {@code -price} for the highest first. */
    record Order(Key key, boolean descending) {

        static final List<String> ALL = List.of(
                "productId",
                "-productId",
                "name",
                "-name",
                "price",
                "-price",
                "stock",
                "-stock",
                "updatedAt",
                "-updatedAt");

        /** @param text one of {@link #ALL} */
        static Order of(String text) {
            boolean descending = text.startsWith("-");
            String field = descending ? text.substring(1) : text;
            for (Key key : Key.values()) {
                if (key.field.equals(field)) {
                    return new Order(key, descending);
                }
            }
            throw new IllegalArgumentException("no order: " + text);
        }

        /** @return the form that {@link #of} reads */
        String text() {
            return (descending ? "-" : "") + key.field;
        }
    }

    /** The sort keys of a product in the list. */
    record After(Comparable<?> key, int productId) {

        static After of(Order order, Product product) {
            return new After(order.key().value.apply(product), product.productId());
        }

        /** Reads what {@link #texts} has written. */
        static After of(Order order, List<String> texts) {
            String key = texts.get(0).replace("%1F", "\u001f").replace("%25", "%");
            return new After(order.key().parse.apply(key), Integer.parseInt(texts.get(1)));
        }

        /** @return both keys, without the character that separates them in a cursor */
        List<String> texts() {
            return List.of(key.toString().replace("%", "%25").replace("\u001f", "%1F"), Integer.toString(productId));
        }
    }
}
