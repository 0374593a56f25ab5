package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagingTest {

    @Nested
    class Cursors {

        @Test
        void comeBackAsTheyWere() {
            String text = Cursor.of("products:name", "Trà, đá", 17).encode();

            assertThat(text).matches("[A-Za-z0-9_-]+");
            List<String> keys = Cursor.decode(text, "products:name", 2, List::copyOf);
            assertThat(keys).containsExactly("Trà, đá", "17");
        }

        @Test
        void areTheFirstPageWhenMissing() {
            List<String> keys = Cursor.decode(null, "products", 1, List::copyOf);
            assertThat(keys).isNull();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "%%%", "cHJvZHVjdHM", "AAAA", "____", "cHJvZHVjdHMfeA=="})
        void thatNobodyHasGivenAreRefused(String text) {
            assertIsRefused(text, "products", 2);
        }

        @Test
        void ofAnotherListOrOrderAreRefused() {
            assertIsRefused(Cursor.of("products:name", "a", 1).encode(), "products:price", 2);
            assertIsRefused(Cursor.of("products", "a", 1).encode(), "products", 1);
        }

        @Test
        void withKeysOfTheWrongTypeAreRefused() {
            String text = Cursor.of("products", "17x").encode();

            assertThatThrownBy(() -> Cursor.decode(text, "products", 1, keys -> Integer.valueOf(keys.get(0))))
                    .isInstanceOf(ProblemException.class);
        }

        @Test
        void withNulOrTooLongAreRefused() {
            assertIsRefused(encoded("products\u001fa\u0000"), "products", 1);
            assertIsRefused(encoded("products\u001f" + "a".repeat(3_000)), "products", 1);
        }

        private static String encoded(String text) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        }

        private static void assertIsRefused(String text, String list, int length) {
            assertThatThrownBy(() -> Cursor.decode(text, list, length, List::copyOf))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> {
                        assertThat(problem.status().value()).isEqualTo(422);
                        assertThat(problem.errors())
                                .singleElement()
                                .extracting(FieldError::field)
                                .isEqualTo("cursor");
                    });
        }
    }

    @Nested
    class Limits {

        @Test
        void areTakenFromOneTo200() {
            assertThat(Limit.parse(null, 200).value()).isEqualTo(50);
            assertThat(Limit.parse("1", 200).value()).isEqualTo(1);
            assertThat(Limit.parse("200", 200).plusOne()).isEqualTo(201);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "0", "201", "1000", "-1", "+1", "01", "1.0", " 1", "١", "99999999999999999999"})
        void areRefusedOtherwise(String text) {
            assertThatThrownBy(() -> Limit.parse(text, 200)).isInstanceOf(ProblemException.class);
        }
    }
}
