package dev.eventshop.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ETagsTest {

    @Test
    void areVersionsInQuotes() {
        assertThat(ETags.of(0)).isEqualTo("\"0\"");
    }

    @Nested
    class IfMatch {

        @Test
        void isMetByEveryVersionWhenMissingOrStar() {
            assertThat(ETags.ifMatch(null).isMetBy(7)).isTrue();
            assertThat(ETags.ifMatch(" * ").isMetBy(7)).isTrue();
        }

        @Test
        void isMetByTheVersionsItLists() {
            ETags.Condition condition = ETags.ifMatch("\"3\" ,\t\"5\"");
            assertThat(condition.isMetBy(3)).isTrue();
            assertThat(condition.isMetBy(4)).isFalse();
            assertThat(condition.isMetBy(5)).isTrue();
        }

        @ParameterizedTest
        @ValueSource(strings = {"W/\"3\"", "\"03\"", "\"3-gzip\"", "\"\"", "\"99999999999999999999\"", "\"a,b\""})
        void isMetByNoVersionWhenTheTagIsNoneOfOurs(String header) {
            ETags.Condition condition = ETags.ifMatch(header);
            assertThat(condition.any()).isFalse();
            assertThat(condition.isMetBy(3)).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "3", "\"3", "3\"", "\"3\" \"4\"", "\"3\";", "*,\"3\"", "w/\"3\"", "\"3 4\""})
        void isRefusedWhenMalformed(String header) {
            assertThatThrownBy(() -> ETags.ifMatch(header)).isInstanceOfSatisfying(ProblemException.class, problem -> {
                assertThat(problem.status().value()).isEqualTo(422);
                assertThat(problem.errors())
                        .singleElement()
                        .extracting(FieldError::field)
                        .isEqualTo("If-Match");
            });
        }

        @Test
        void isRefusedQuicklyWhenVeryLong() {
            assertThatThrownBy(() -> ETags.ifMatch("\"1\" ".repeat(100_000))).isInstanceOf(ProblemException.class);
        }
    }

    @Nested
    class IfNoneMatch {

        @Test
        void comparesWeakly() {
            assertThat(ETags.isNotModified("W/\"3\"", 3)).isTrue();
            assertThat(ETags.isNotModified("\"2\", \"3\"", 3)).isTrue();
            assertThat(ETags.isNotModified("*", 3)).isTrue();
            assertThat(ETags.isNotModified("\"2\"", 3)).isFalse();
            assertThat(ETags.isNotModified(null, 3)).isFalse();
        }

        @Test
        void isNoConditionWhenMalformed() {
            assertThat(ETags.isNotModified("3", 3)).isFalse();
        }
    }
}
