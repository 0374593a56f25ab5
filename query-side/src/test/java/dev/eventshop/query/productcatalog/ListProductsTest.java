package dev.eventshop.query.productcatalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListProductsTest {

    static final java.util.List<String> ORDERS = ListProducts.Order.ALL;

    @ParameterizedTest
    @FieldSource("ORDERS")
    void sortKeysSurviveTheWayThroughACursor(String text) {
        ListProducts.Order order = ListProducts.Order.of(text);
        Product product = new Product(
                3, "100% \u001f%25 Tee", new BigDecimal("19.90"), 4, Instant.parse("2026-03-01T10:00:00.000001Z"), 7);

        ListProducts.After after = ListProducts.After.of(order, product);

        assertThat(order.text()).isEqualTo(text);
        assertThat(after.texts()).noneMatch(key -> key.contains("\u001f"));
        assertThat(ListProducts.After.of(order, after.texts())).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ÁO DÀI", "áo dài", "A\u0301o dài", "Áo Dài"})
    void namesAreSearchedWithoutRegardToCaseAndEncoding(String name) {
        assertThat(SearchableName.of(name)).isEqualTo(SearchableName.of("Áo dài"));
    }

    @Test
    void accentsMakeADifference() {
        assertThat(SearchableName.of("ao dai")).isNotEqualTo(SearchableName.of("áo dài"));
    }
}
